import { mapReferences, refersToRoot, takeDefinitions } from '../schemas/definitions.js';
import type { SchemaData } from '../schemas/map-subschemas.js';

/** What the name of a component must not hold. Source: OpenAPI 3.2.0, section 4.7.1. */
const FORBIDDEN = /[^a-zA-Z0-9._-]/g;

/** A schema as it stands in a document, and the components that it refers to. */
export interface PlacedSchema {
  readonly schema: SchemaData;
  readonly components: Readonly<Record<string, SchemaData>>;
}

/**
 * Makes what JSON Schemas define components of a document. Definitions that are the same share one; another of the same
 * name, or of that of a class, gets a number: `Puppy`, `Puppy2`.
 */
export class ComponentSchemas {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** @param translate makes a JSON Schema (2020-12) a Schema Object of the document's version */
  constructor(private readonly translate: (schema: SchemaData) => SchemaData) {}

  /** Leaves these names to those that have them. */
  reserve(names: Iterable<string>): void {
    for (const name of names) {
      this.#taken.add(name);
    }
  }

  place(schema: SchemaData): PlacedSchema {
    const { root, definitions } = takeDefinitions(schema);
    // Undefined is the name by which a schema refers to itself as a whole.
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
        // Before it is made, as it may refer to itself.
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

/** All that a schema refers to, directly or not, with its names. */
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
