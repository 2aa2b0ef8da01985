import type { DeclaredSerializer } from '../responses/declared-serializer.js';
import type { SchemaSource } from '../schemas/compile-schema.js';
import type { MediaContent } from './media-content.js';
import type { RouteContract } from './route-contract.js';

/**
 * Compiles the declared schemas of all routes.
 *
 * @returns the number of routes that declare a schema
 * @throws Error that names the controller, the method and the type. With `validation: 'warn'` it is logged instead
 */
export function compileContracts(
  contracts: readonly RouteContract[],
  serializer: DeclaredSerializer,
): number {
  let routes = 0;
  for (const { name, successes, validation } of contracts) {
    const sources = successes.flatMap(({ status, contents }) =>
      [...contents.values()].flatMap(sourcesOf).map((source) => ({ status, source })),
    );
    for (const { status, source } of sources) {
      serializer
        .as(validation)
        .prepare(source, `${name} declares a schema for ${status} that cannot be compiled`);
    }
    routes += sources.length > 0 ? 1 : 0;
  }
  return routes;
}

/** The schema of a list includes that of its items, which is compiled when it is used. */
function sourcesOf({ schema, itemSchema, events = {} }: MediaContent): SchemaSource[] {
  return [schema ?? itemSchema, ...Object.values(events)].filter((source) => source !== undefined);
}
