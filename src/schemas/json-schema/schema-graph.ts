import { patternOf } from './json-schema.js';
import type { JSONSchema, JSONSchemaDocument, JSONSchemaObject } from './json-schema.js';

export type Kind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** Selects the conditional parts of a schema to visit: options of a union, `then`, `else`. */
export type Pick = (schema: JSONSchemaObject) => readonly JSONSchema[];

const ALL_KINDS: ReadonlySet<Kind> = new Set([
  'object',
  'array',
  'string',
  'number',
  'boolean',
  'null',
]);

/** The declared contents of a value, before it is known which options apply. */
export interface Contents {
  /** The parts that always apply. */
  readonly certain: readonly JSONSchemaObject[];

  /** The parts that may apply, e.g. the options of a union. */
  readonly possible: readonly JSONSchemaObject[];

  /** True if an object may have properties that no schema names. */
  readonly open: boolean;

  /** True if an array may have items without a schema, although a schema describes other items. */
  readonly free: boolean;

  /** The names of all properties that an object may have. Undefined if some are unknown. */
  readonly names: readonly string[] | undefined;
}

/** Finds the parts of a schema that apply to a value and to its contents. */
export class SchemaGraph {
  readonly #definitions: ReadonlyMap<string, JSONSchema>;
  readonly #patterns = new Map<string, RegExp>();

  constructor({ definitions }: JSONSchemaDocument) {
    this.#definitions = definitions;
  }

  /** Replaces each schema that is only a `$ref` with its target. That is the same object for all references. */
  withoutAliases(schemas: readonly JSONSchema[]): readonly JSONSchema[] {
    return schemas.map((schema) => {
      const isAlias = typeof schema === 'object' && Object.keys(schema).length === 1;
      return (isAlias && this.#target(schema)) || schema;
    });
  }

  /**
   * Returns all parts of `schemas` that apply to a value: the schemas, those reached through `$ref` and `allOf`, and
   * those that `pick` selects.
   */
  leaves(schemas: readonly JSONSchema[], pick: Pick): JSONSchemaObject[] {
    const leaves = new Set<JSONSchemaObject>();
    const visit = (schema: JSONSchema): void => {
      if (typeof schema === 'boolean' || leaves.has(schema)) {
        return;
      }
      leaves.add(schema);
      this.#parts(schema).forEach(visit);
      pick(schema).forEach(visit);
    };
    schemas.forEach(visit);
    return [...leaves];
  }

  /** Returns the leaves that always apply to the contents of an object or array. */
  certainLeaves(schemas: readonly JSONSchema[]): JSONSchemaObject[] {
    return this.leaves(schemas, (schema) =>
      this.isConditional(schema) ? [] : this.#composites(schema),
    );
  }

  /** Returns the kinds of JSON values that may match all of `schemas`. May contain more, never fewer. */
  kinds(
    schemas: readonly JSONSchema[],
    outer: ReadonlySet<JSONSchema> = new Set(),
  ): ReadonlySet<Kind> {
    return schemas.map((schema) => this.#kindsOf(schema, outer)).reduce(intersection, ALL_KINDS);
  }

  /** True if an object or an array may match `schemas`. */
  isComposite(schemas: readonly JSONSchema[]): boolean {
    const kinds = this.kinds(schemas);
    return kinds.has('object') || kinds.has('array');
  }

  /** True if the value decides which properties or items of `schema` apply. */
  isConditional(schema: JSONSchemaObject): boolean {
    const holds = (part: JSONSchema | undefined): boolean =>
      part !== undefined && this.isComposite([part]);
    return (
      [schema.anyOf, schema.oneOf].some((options = []) => options.filter(holds).length > 1) ||
      (schema.if !== undefined &&
        !isNull(schema.if) &&
        (holds(schema.then) || holds(schema.else))) ||
      schema.dependentSchemas !== undefined
    );
  }

  /** True if an object to which all of `leaves` apply may have properties that none of them names. */
  isOpen(leaves: readonly JSONSchemaObject[]): boolean {
    return leaves.some((leaf) => additional(leaf).length > 0) || !leaves.some(names.object);
  }

  /** Returns the contents of a value, as far as `schemas` alone determine them. */
  contents(schemas: readonly JSONSchema[]): Contents {
    const leaves = this.leaves(schemas, (schema) => this.#composites(schema));
    const certain = this.certainLeaves(schemas);
    const possible = leaves.filter((leaf) => !certain.includes(leaf));
    const unsettled = possible.length > 0;
    const open = this.isOpen(leaves) || (unsettled && this.#mayNameNothing('object', schemas));
    return {
      certain,
      possible,
      open,
      free: unsettled && this.#mayNameNothing('array', schemas),
      names:
        open || leaves.some(({ patternProperties }) => patternProperties !== undefined)
          ? undefined
          : [...new Set(leaves.flatMap(({ properties = {} }) => Object.keys(properties)))],
    };
  }

  /** Returns the schemas of the property `name`. Empty if none of `leaves` names or allows it. */
  property(leaves: readonly JSONSchemaObject[], name: string): readonly JSONSchema[] {
    return leaves.flatMap((leaf): readonly JSONSchema[] => {
      const named = ownSchema(leaf.properties, name);
      const matching = Object.entries(leaf.patternProperties ?? {})
        .filter(([pattern]) => this.#pattern(pattern).test(name))
        .map(([, schema]) => schema);
      const told = named === undefined ? matching : [named, ...matching];
      return told.length > 0 ? told : additional(leaf);
    });
  }

  /** Returns the schemas of a property that `leaves` do not name. */
  additional(leaves: readonly JSONSchemaObject[]): readonly JSONSchema[] {
    return leaves.flatMap(additional);
  }

  /** Returns the schemas of the item at `index` of an array. */
  item(leaves: readonly JSONSchemaObject[], index: number): readonly JSONSchema[] {
    return leaves
      .map(({ prefixItems = [], items }) => prefixItems[index] ?? items)
      .filter((schema) => schema !== undefined);
  }

  /** True if a value that matches `schemas` decides, at any depth, which of its contents are sent. */
  hasConditions(schemas: readonly JSONSchema[], seen: Set<JSONSchema> = new Set()): boolean {
    return this.leaves(schemas, everyOption).some((leaf) => {
      if (seen.has(leaf)) {
        return false;
      }
      seen.add(leaf);
      return this.isConditional(leaf) || this.hasConditions(contents(leaf), seen);
    });
  }

  #composites(schema: JSONSchemaObject): JSONSchema[] {
    return everyOption(schema).filter((option) => this.isComposite([option]));
  }

  #parts(schema: JSONSchemaObject): readonly JSONSchema[] {
    const { allOf = [] } = schema;
    const target = this.#target(schema);
    return target === undefined ? allOf : [target, ...allOf];
  }

  #target({ $ref }: JSONSchemaObject): JSONSchema | undefined {
    return $ref === undefined ? undefined : this.#definitions.get($ref);
  }

  #kindsOf(schema: JSONSchema, outer: ReadonlySet<JSONSchema>): ReadonlySet<Kind> {
    if (typeof schema === 'boolean' || outer.has(schema)) {
      return ALL_KINDS;
    }
    const inner = new Set([...outer, schema]);
    const anyOf = (options: readonly JSONSchema[] | undefined): ReadonlySet<Kind> =>
      options === undefined
        ? ALL_KINDS
        : new Set(options.flatMap((option) => [...this.kinds([option], inner)]));
    return [
      typed(schema.type),
      this.kinds(this.#parts(schema), inner),
      anyOf(schema.anyOf),
      anyOf(schema.oneOf),
      anyOf(branches(schema)),
    ].reduce(intersection);
  }

  /** True if an object or array may match `schemas` by options that do not name its contents. */
  #mayNameNothing(kind: 'object' | 'array', schemas: readonly JSONSchema[]): boolean {
    return schemas.every((schema) => this.#mayOneNameNothing(kind, schema, new Set()));
  }

  #mayOneNameNothing(
    kind: 'object' | 'array',
    schema: JSONSchema,
    outer: ReadonlySet<JSONSchema>,
  ): boolean {
    if (typeof schema === 'boolean' || outer.has(schema)) {
      return true;
    }
    const inner = new Set([...outer, schema]);
    const some = (options: readonly JSONSchema[]): boolean =>
      options.some(
        (option) => this.kinds([option]).has(kind) && this.#mayOneNameNothing(kind, option, inner),
      );
    const unions = [schema.anyOf, schema.oneOf, branches(schema)].filter(
      (options) => options !== undefined,
    );
    return (
      !names[kind](schema) &&
      this.#parts(schema).every((part) => this.#mayOneNameNothing(kind, part, inner)) &&
      unions.every(some)
    );
  }

  #pattern(source: string): RegExp {
    let pattern = this.#patterns.get(source);
    if (pattern === undefined) {
      pattern = patternOf(source);
      this.#patterns.set(source, pattern);
    }
    return pattern;
  }
}

/** Returns every part of `schema` that may apply. */
export function everyOption(schema: JSONSchemaObject): readonly JSONSchema[] {
  const { anyOf = [], oneOf = [], dependentSchemas = {} } = schema;
  return [...anyOf, ...oneOf, ...(branches(schema) ?? []), ...Object.values(dependentSchemas)];
}

function ownSchema(
  schemas: Record<string, JSONSchema> | undefined,
  name: string,
): JSONSchema | undefined {
  return schemas !== undefined && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
}

function contents(leaf: JSONSchemaObject): JSONSchema[] {
  return [
    ...Object.values(leaf.properties ?? {}),
    ...Object.values(leaf.patternProperties ?? {}),
    ...(leaf.prefixItems ?? []),
    ...[leaf.additionalProperties, leaf.unevaluatedProperties, leaf.items].filter(
      (schema) => schema !== undefined,
    ),
  ];
}

function additional({
  additionalProperties,
  unevaluatedProperties,
}: JSONSchemaObject): JSONSchema[] {
  const schema = additionalProperties ?? unevaluatedProperties ?? false;
  return schema === false ? [] : [schema];
}

/** True if a schema names the contents of an object or array, or excludes any others. */
const names = {
  object: ({ properties, patternProperties, additionalProperties }: JSONSchemaObject): boolean =>
    properties !== undefined || patternProperties !== undefined || additionalProperties === false,
  array: ({ items, prefixItems }: JSONSchemaObject): boolean =>
    items !== undefined || prefixItems !== undefined,
};

/** Returns the branches of `if`. If it tests for null, these are null itself and `else`. */
function branches(schema: JSONSchemaObject): readonly JSONSchema[] | undefined {
  const { if: condition, then: consequence = true, else: otherwise = true } = schema;
  return condition === undefined
    ? undefined
    : [isNull(condition) ? condition : consequence, otherwise];
}

function isNull(schema: JSONSchema): boolean {
  return typeof schema === 'object' && schema.type === 'null';
}

function typed(type: string | string[] | undefined): ReadonlySet<Kind> {
  if (type === undefined) {
    return ALL_KINDS;
  }
  const types = [type].flat();
  return new Set(
    [...ALL_KINDS].filter(
      (kind) => types.includes(kind) || (kind === 'number' && types.includes('integer')),
    ),
  );
}

function intersection(left: ReadonlySet<Kind>, right: ReadonlySet<Kind>): ReadonlySet<Kind> {
  return new Set([...left].filter((kind) => right.has(kind)));
}
