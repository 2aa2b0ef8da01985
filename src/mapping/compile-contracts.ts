import type { SchemaCache } from '../schemas/schema-cache.js';
import type { RouteContract } from './route-contract.js';

/** Compiles the declared schemas of all routes. Throws an error that names the controller, the method and the type. */
export function compileContracts(contracts: readonly RouteContract[], schemas: SchemaCache): void {
  for (const { name, successes } of contracts) {
    for (const { status, contents } of successes) {
      for (const { schema, itemSchema, events } of contents.values()) {
        for (const source of [schema, itemSchema, ...Object.values(events ?? {})]) {
          try {
            if (source !== undefined) {
              schemas.of(source);
            }
          } catch (error) {
            throw new Error(
              `${name} declares for ${status} what cannot be compiled: ${(error as Error).message}`,
              { cause: error },
            );
          }
        }
      }
    }
  }
}
