import { mapReferences, refersToRoot, takeDefinitions } from '../schemas/definitions.js';
import type { SchemaData } from '../schemas/map-subschemas.js';

/** Characters that a component name must not contain. Source: OpenAPI 3.2.0, section 4.7.1. */
const FORBIDDEN = /[^a-zA-Z0-9._-]/g;

/** A schema in a document, with the components that it refers to. */
export interface PlacedSchema {
  readonly schema: SchemaData;
  readonly components: Readonly<Record<string, SchemaData>>;
}

/**
 * Turns the definitions of JSON Schemas into components of a document. Equal definitions share a component. A
 * definition whose name is already taken gets a number: `Puppy`, `Puppy2`.
 */
export class ComponentSchemas {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** @param translate turns a JSON Schema (2020-12) into a Schema Object of the document's version */
  constructor(private readonly translate: (schema: SchemaData) => SchemaData) {}

  /** Reserves names that are already in use. */
  reserve(names: Iterable<string>): void {
    for (const name of names) {
      this.#taken.add(name);
    }
  }

  place(schema: SchemaData): PlacedSchema {
    const { root, definitions } = takeDefinitions(schema);
    // Undefined is the name for references to the whole schema.
    const parts = new Map<string | undefined, SchemaData>(definitions);
    if ([root, ...definitions.values()].some(refersToRoot)) {
      parts.set(undefined, root);
    }
    const components = new Map<string, SchemaData>();
    const refer = (name: string | undefined): SchemaData | undefined => {
      const part = parts.get(name);
      if (!part) {
        return undefined;
      }
      const component = this.#nameOf(name ?? titleOf(root), part, parts);
      if (!components.has(component)) {
        // Added first, because it may refer to itself.
        components.set(component, {});
        components.set(component, this.translate(mapReferences(part, refer)));
      }
      return { $ref: `#/components/schemas/${component}` };
    };
    const placed = mapReferences(parts.has(undefined) ? { $ref: '#' } : root, refer);
    return { schema: this.translate(placed), components: Object.fromEntries(components) };
  }

  #nameOf(
    name: string,
    part: SchemaData,
    parts: ReadonlyMap<string | undefined, SchemaData>,
  ): string {
    const key = JSON.stringify([name, part, ...reachable(part, parts)]);
    let component = this.#names.get(key);
    if (component === undefined) {
      const base = name.replace(FORBIDDEN, '_');
      component = base;
      for (let number = 2; this.#taken.has(component); number++) {
        component = `${base}${number}`;
      }
      this.#taken.add(component);
      this.#names.set(key, component);
    }
    return component;
  }
}

/** Returns all schemas that a schema refers to, directly or not, with their names. */
function reachable(
  schema: SchemaData,
  parts: ReadonlyMap<string | undefined, SchemaData>,
): (readonly [string | undefined, SchemaData])[] {
  const found = new Map<string | undefined, SchemaData>();
  const visit = (part: SchemaData): void => {
    mapReferences(part, (name) => {
      const target = parts.get(name);
      if (target && !found.has(name)) {
        found.set(name, target);
        visit(target);
      }
      return undefined;
    });
  };
  visit(schema);
  return [...found];
}

function titleOf({ title }: SchemaData): string {
  return typeof title === 'string' && title !== '' ? title : 'Schema';
}
