import type { Conforms, JSONSchema, JSONSchemaObject } from './json-schema.js';
import type { SchemaGraph } from './schema-graph.js';
import { SchemaKeys } from './schema-keys.js';

/** A place in a value, as far as it is known without the value. */
interface Place {
  readonly schemas: readonly JSONSchema[];

  /** True if nothing in it depends on the value. Its projection is final then. */
  readonly plain: boolean;

  /** The schemas that always apply, without the parts that depend on the value. */
  readonly settled: readonly JSONSchemaObject[];

  /** The schemas whose options depend on the value. */
  readonly unions: readonly JSONSchemaObject[];

  readonly open: boolean;

  /** The place once it is known which options of `unions` hold. */
  readonly outcomes: Map<string, Place>;

  /** For each outcome, the names of properties that it does not leave as they are, where all names are known. */
  readonly changing: Map<Place, readonly string[]>;

  /** The places of its properties that were needed so far, by name. Undefined if a property is left out. */
  readonly properties: Map<string, Place | undefined>;
}

/**
 * Takes out of projected values what only those options of a union declare that do not hold: of a value that conforms
 * to `Cat`, what `Dog` alone declares.
 */
export class Selection {
  readonly #graph: SchemaGraph;
  readonly #places = new Map<string, Place>();
  readonly #keys = new SchemaKeys();
  readonly #settled = new Map<JSONSchemaObject, JSONSchemaObject>();

  constructor(graph: SchemaGraph) {
    this.#graph = graph;
  }

  /**
   * Changes `value`, a projection that conforms to `schemas`, in place.
   *
   * @returns whether there was anything to take out
   */
  apply(value: unknown, schemas: readonly JSONSchema[], conforms: Conforms): boolean {
    return this.#keep(value, this.#place(schemas), conforms, false);
  }

  /** @param narrowed whether options were chosen on the way here, so that `value` may have what `place` never declares */
  #keep(value: unknown, place: Place, conforms: Conforms, narrowed: boolean): boolean {
    if (typeof value !== 'object' || value === null || (place.plain && !narrowed)) {
      return false;
    }
    const outcome = this.#outcome(value, place, conforms);
    const chosen = narrowed || outcome !== place;
    let changed = false;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        changed = this.#keep(item, this.#item(outcome, index), conforms, chosen) || changed;
      }
      return changed;
    }
    for (const name of (narrowed ? undefined : this.#changing(place, outcome)) ??
      Object.keys(value)) {
      const inner = this.#property(outcome, name);
      if (inner !== undefined) {
        changed = this.#keep(Reflect.get(value, name), inner, conforms, chosen) || changed;
      } else if (Object.hasOwn(value, name)) {
        changed = Reflect.deleteProperty(value, name);
      }
    }
    return changed;
  }

  #outcome(value: object, place: Place, conforms: Conforms): Place {
    if (place.unions.length === 0) {
      return place;
    }
    const choices = place.unions.map((union) => choice(union, value, conforms));
    const key = choices.join();
    let outcome = place.outcomes.get(key);
    if (outcome === undefined) {
      const chosen = place.unions.flatMap((union, index) =>
        optionsOf(union).filter((_, option) => choices[index]?.[option] === '1'),
      );
      outcome = this.#place([...place.settled, ...chosen]);
      place.outcomes.set(key, outcome);
    }
    return this.#outcome(value, outcome, conforms);
  }

  /** The names of what `outcome` leaves out or changes of a projection for `place`, where these can be told beforehand. */
  #changing(place: Place, outcome: Place): readonly string[] | undefined {
    const known = place.changing.get(outcome);
    if (known !== undefined) {
      return known;
    }
    const { names } = this.#graph.contents(place.schemas);
    const changing = names?.filter((name) => {
      const inner = this.#property(outcome, name);
      return inner === undefined || this.#graph.isComposite(inner.schemas);
    });
    if (changing !== undefined) {
      place.changing.set(outcome, changing);
    }
    return changing;
  }

  #property(place: Place, name: string): Place | undefined {
    if (place.properties.has(name)) {
      return place.properties.get(name);
    }
    const told = this.#graph.property(place.settled, name);
    const property = told.length > 0 || place.open ? this.#place(told) : undefined;
    // Names that no schema lists, such as the keys of a map, are without number.
    if (
      !place.open &&
      !place.settled.some(({ patternProperties }) => patternProperties !== undefined)
    ) {
      place.properties.set(name, property);
    }
    return property;
  }

  #item(place: Place, index: number): Place {
    return this.#place(this.#graph.item(place.settled, index));
  }

  #place(schemas: readonly JSONSchema[]): Place {
    const told = this.#graph.withoutAliases(schemas);
    const key = this.#keys.of(told);
    let place = this.#places.get(key);
    if (place === undefined) {
      const leaves = this.#graph.certainLeaves(told);
      const settled = leaves.map((leaf) => this.#settle(leaf));
      place = {
        schemas: told,
        plain: !this.#graph.hasConditions(told),
        settled,
        unions: leaves.filter((leaf) => this.#graph.isConditional(leaf)),
        open: this.#graph.isOpen(settled),
        outcomes: new Map(),
        changing: new Map(),
        properties: new Map(),
      };
      this.#places.set(key, place);
    }
    return place;
  }

  /** `leaf` with nothing but what it says itself of properties and items. */
  #settle(leaf: JSONSchemaObject): JSONSchemaObject {
    let settled = this.#settled.get(leaf);
    if (settled === undefined) {
      const {
        properties,
        patternProperties,
        additionalProperties,
        unevaluatedProperties,
        items,
        prefixItems,
      } = leaf;
      settled = {
        properties,
        patternProperties,
        additionalProperties,
        unevaluatedProperties,
        items,
        prefixItems,
      };
      this.#settled.set(leaf, settled);
    }
    return settled;
  }
}

/** All that may hold of `union`, in a fixed order. */
function optionsOf({
  anyOf = [],
  oneOf = [],
  dependentSchemas = {},
  ...union
}: JSONSchemaObject): JSONSchema[] {
  return [
    ...anyOf,
    ...oneOf,
    ...Object.values(dependentSchemas),
    union.then ?? true,
    union.else ?? true,
  ];
}

/** For each of `optionsOf(union)`, whether it holds for `value`: "0101". */
function choice(union: JSONSchemaObject, value: object, conforms: Conforms): string {
  const { anyOf = [], oneOf = [], dependentSchemas = {}, if: condition } = union;
  let choices = '';
  for (const option of anyOf) {
    choices += conforms(option, value) ? '1' : '0';
  }
  // The value conforms to oneOf: what follows the one that holds does not.
  let found = false;
  for (const option of oneOf) {
    const holds: boolean = !found && conforms(option, value);
    found ||= holds;
    choices += holds ? '1' : '0';
  }
  for (const name of Object.keys(dependentSchemas)) {
    choices += Object.hasOwn(value, name) ? '1' : '0';
  }
  if (condition !== undefined) {
    choices += conforms(condition, value) ? '10' : '01';
  }
  return choices;
}
