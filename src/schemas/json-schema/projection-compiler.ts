import { assertEmpty, jsonForm, jsonFormRules } from './json-form.js';
import type { JSONFormRules } from './json-form.js';
import type { Conforms, JSONSchema, JSONSchemaObject } from './json-schema.js';
import { objectBuilder, objectProjection } from './object-builder.js';
import type { DeclaredProperty } from './object-builder.js';
import { MAX_DEPTH, NestingError } from './projection.js';
import type { Project, Run } from './projection.js';
import { everyOption } from './schema-graph.js';
import type { Contents, Kind, SchemaGraph } from './schema-graph.js';
import { SchemaKeys } from './schema-keys.js';
import { setProperty } from './set-property.js';

/** The declaration of one place in a value. */
interface Place extends Contents {
  /** True if it is always declared. Otherwise no default is set, because a default could decide a union. */
  readonly sure: boolean;
}

const ANYTHING: Place = {
  certain: [],
  possible: [],
  open: true,
  free: true,
  names: undefined,
  sure: false,
};

/**
 * Compiles projections. If the value decides what is declared (a union of objects), the projection keeps what any
 * option declares. `Selection` then chooses among the options.
 */
export class ProjectionCompiler {
  readonly #graph: SchemaGraph;
  readonly #conforms: Conforms;
  readonly #projections = new Map<string, Project>();
  readonly #unions = new Map<string, JSONSchema>();
  readonly #keys = new SchemaKeys();

  /** For an object or array where none is declared. This is a violation, but still has a JSON form. */
  readonly #anyObject: (value: object, run: Run) => object;
  readonly #anyArray: (value: readonly unknown[], run: Run) => unknown[];

  /** @param conforms returns true if a default may be sent */
  constructor(graph: SchemaGraph, conforms: Conforms) {
    this.#graph = graph;
    this.#conforms = conforms;
    this.#anyObject = (value, run) => object(value, run);
    this.#anyArray = (value, run) => array(value, run);
    const object = this.#object(ANYTHING);
    const array = this.#array(ANYTHING);
  }

  /** Returns the projection of a value that all of `schemas` describe, or of any value if there are none. */
  compile(schemas: readonly JSONSchema[], sure = true): Project {
    const told = this.#graph.withoutAliases(schemas);
    const key = `${this.#keys.of(told)} ${sure}`;
    const known = this.#projections.get(key);
    if (known !== undefined) {
      return known;
    }
    let projection: Project | undefined;
    // A recursive type gets here again before it is compiled.
    this.#projections.set(key, (value, run) => projection?.(value, run));
    projection = this.#compile(told, sure);
    this.#projections.set(key, projection);
    return projection;
  }

  #compile(schemas: readonly JSONSchema[], sure: boolean): Project {
    const place: Place = { ...this.#graph.contents(schemas), sure };
    const kinds = this.#graph.kinds(schemas);
    const rules = jsonFormRules(this.#graph.leaves(schemas, everyOption));
    const object = kinds.has('object') ? this.#object(place) : this.#anyObject;
    const array = kinds.has('array') ? this.#array(place) : this.#anyArray;
    const primitive = primitiveProjection(kinds, rules);

    const projection: Project = (value, run) => {
      if (typeof value !== 'object' || value === null) {
        return primitive(value, run);
      }
      const form = jsonForm(value, rules);
      if (typeof form !== 'object' || form === null) {
        return primitive(form, run);
      }
      if (run.depth === MAX_DEPTH) {
        throw new NestingError();
      }
      run.depth++;
      run.trail?.push({ value, form });
      const projected = Array.isArray(form) ? array(form, run) : object(form, run);
      run.trail?.pop();
      run.depth--;
      return projected;
    };
    return kinds.has('object') && rules.bytes === undefined
      ? objectProjection(object, projection)
      : projection;
  }

  #object(place: Place): (value: object, run: Run) => object {
    const leaves = [...place.certain, ...place.possible];
    const names = new Set(leaves.flatMap(({ properties = {} }) => Object.keys(properties)));
    const properties = [...names].map((name) => this.#property(place, name));
    const patterned = leaves.some(({ patternProperties }) => patternProperties !== undefined);
    const others = this.#unnamed(place);
    if (!patterned && others === undefined) {
      return objectBuilder(properties, assertEmpty);
    }
    const build = objectBuilder(properties, () => {});
    return (value, run) => {
      const object = build(value, run);
      for (const name of Object.keys(value)) {
        if (names.has(name)) {
          continue;
        }
        const project = patterned ? this.#unnamed(place, name) : others;
        const property = project?.(Reflect.get(value, name), run);
        if (property !== undefined) {
          setProperty(object, name, property);
        }
      }
      if (Object.keys(object).length === 0) {
        assertEmpty(value);
      }
      return object;
    };
  }

  #array(place: Place): (value: readonly unknown[], run: Run) => unknown[] {
    const leaves = [...place.certain, ...place.possible];
    const fixed = Math.max(0, ...leaves.map(({ prefixItems = [] }) => prefixItems.length));
    const projections = Array.from({ length: fixed + 1 }, (_, index) =>
      this.compile(
        this.#either(
          this.#graph.item(place.certain, index),
          this.#graph.item(place.possible, index),
          place.free,
        ),
        place.sure && place.possible.length === 0,
      ),
    );
    const [last] = projections.slice(-1);
    return (value, run) => {
      const array = youngArray();
      for (let index = 0; index < value.length; index++) {
        const project = index < fixed ? projections[index] : last;
        array.push(project?.(value[index], run) ?? null);
      }
      return array;
    };
  }

  #property(place: Place, name: string): DeclaredProperty {
    const certain = this.#graph.property(place.certain, name);
    const possible = this.#graph.property(place.possible, name);
    const schemas = this.#either(certain, possible, place.open);
    const sure = place.sure && certain.length > 0;
    return {
      name,
      project: this.compile(schemas, sure),
      kind: onlyPrimitive(this.#graph.kinds(schemas)),
      initial: sure ? this.#initial(schemas) : undefined,
    };
  }

  /** Returns the projection of a property that is declared by a pattern or not at all. Undefined if it is left out. */
  #unnamed(place: Place, name?: string): Project | undefined {
    const told = (leaves: readonly JSONSchemaObject[]): readonly JSONSchema[] =>
      name === undefined ? this.#graph.additional(leaves) : this.#graph.property(leaves, name);
    const certain = told(place.certain);
    const possible = told(place.possible);
    return place.open || certain.length > 0 || possible.length > 0
      ? this.compile(this.#either(certain, possible, place.open), false)
      : undefined;
  }

  #initial(schemas: readonly JSONSchema[]): (() => unknown) | undefined {
    const declared = this.#graph
      .leaves(schemas, () => [])
      .find((leaf) => leaf.default !== undefined);
    const text = JSON.stringify(declared?.default);
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    // Schemas often say "default: null" for a string and mean "none". Defaults that are invalid for the type are not
    // sent.
    if (value === undefined || !schemas.every((schema) => this.#conforms(schema, value))) {
      return undefined;
    }
    return typeof value === 'object' ? () => JSON.parse(text) : () => value;
  }

  /**
   * Combines all of `certain` with any one of `possible`. If the place is `open`, no option of `possible` has to match.
   */
  #either(
    certain: readonly JSONSchema[],
    possible: readonly JSONSchema[],
    open: boolean,
  ): readonly JSONSchema[] {
    const options = open && possible.length > 0 ? [...possible, true] : possible;
    return [...certain, ...(options.length > 1 ? [this.#union(options)] : options)].filter(
      (schema) => schema !== true,
    );
  }

  #union(options: readonly JSONSchema[]): JSONSchema {
    const key = this.#keys.of(options);
    let union = this.#unions.get(key);
    if (union === undefined) {
      union = { anyOf: [...options] };
      this.#unions.set(key, union);
    }
    return union;
  }
}

/**
 * Creates an array in the young generation of the heap. V8 would allocate those of a literal in the old one after some
 * time, because they survive while a long list is projected. There, a list keeps its items until the next full
 * collection: with 10,000 items, twice the memory and up to a third more time.
 */
function youngArray(...items: unknown[]): unknown[] {
  return items;
}

function primitiveProjection(kinds: ReadonlySet<Kind>, rules: JSONFormRules): Project {
  const numeric = kinds.has('number');
  const textual = kinds.has('string');
  return (value, run) => {
    switch (typeof value) {
      case 'bigint':
        if (numeric) {
          return integer(value, run);
        }
        return textual ? value.toString() : jsonForm(Object(value), rules);
      case 'function':
      case 'symbol':
        return undefined;
      default:
        return value;
    }
  };
}

function integer(value: bigint, run: Run): number | bigint {
  const number = Number(value);
  if (Number.isSafeInteger(number)) {
    return number;
  }
  run.bigints = true;
  return value;
}

function onlyPrimitive(kinds: ReadonlySet<Kind>): DeclaredProperty['kind'] {
  const [kind, ...others] = [...kinds].filter((candidate) => candidate !== 'null');
  return others.length === 0 && (kind === 'string' || kind === 'number' || kind === 'boolean')
    ? kind
    : undefined;
}
