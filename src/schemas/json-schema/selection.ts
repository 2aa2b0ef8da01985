import type { Conforms, JSONSchema, JSONSchemaObject } from './json-schema.js';
import type { SchemaGraph } from './schema-graph.js';
import { SchemaKeys } from './schema-keys.js';

/** A place in a value, as far as it is known before the value. */
interface Place {
  readonly schemas: readonly JSONSchema[];

  /** True if it does not depend on the value. Its projection is then final. */
  readonly plain: boolean;

  /** The schemas that always apply, without the parts that depend on the value. */
  readonly settled: readonly JSONSchemaObject[];

  /** The schemas whose options depend on the value. */
  readonly unions: readonly JSONSchemaObject[];

  readonly open: boolean;

  /** The places for each choice of matching options of `unions`. */
  readonly outcomes: Map<string, Place>;

  /** For each outcome, the names of the properties that it changes, if all names are known. */
  readonly changing: Map<Place, readonly string[]>;

  /** The places of properties that were needed so far, by name. Undefined if a property is left out. */
  readonly properties: Map<string, Place | undefined>;
}

/**
 * Removes from projected values what only non-matching options of a union declare: from a value that matches `Cat`, the
 * properties that only `Dog` declares.
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
   * Changes `value`, a projection that matches `schemas`, in place.
   *
   * @returns true if anything was removed
   */
  apply(value: unknown, schemas: readonly JSONSchema[], conforms: Conforms): boolean {
    return this.#keep(value, this.#place(schemas), conforms, false);
  }

  /**
   * @param narrowed true if options were chosen above this place, so that `value` may have contents that `place` never
   * declares
   */
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

  /**
   * Returns the names of properties that `outcome` removes or changes in a projection for `place`, if they are known in
   * advance.
   */
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
    // The number of unlisted names, e.g. the keys of a map, is unlimited.
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

  /** Reduces `leaf` to its own declarations of properties and items. */
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

/** Returns all conditional parts of `union`, in a fixed order. */
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

/** Returns a digit for each of `optionsOf(union)`: 1 if it matches `value`, e.g. "0101". */
function choice(union: JSONSchemaObject, value: object, conforms: Conforms): string {
  const { anyOf = [], oneOf = [], dependentSchemas = {}, if: condition } = union;
  let choices = '';
  for (const option of anyOf) {
    choices += conforms(option, value) ? '1' : '0';
  }
  // The value matches oneOf, so no option after the matching one does.
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
