import { checkKeywords } from './check-keywords.js';
import { discriminatedUnion } from './discriminator.js';
import { isInherited } from './json-schema.js';
import type { JSONSchema, JSONSchemaDocument, JSONSchemaObject } from './json-schema.js';
import { isRawSchema } from './openapi-schema.js';
import type { Components, FindComponent, OpenAPISchema, RawSchema } from './openapi-schema.js';
import { COMPONENTS, References } from './references.js';

/** The `$id` of a translated schema. Lets each part be compiled alone. */
export const DOCUMENT_ID = 'declared';

const ASSERTIONS: ReadonlySet<string> = new Set([
  'type',
  'format',
  'contentEncoding',
  'enum',
  'const',
  'multipleOf',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxContains',
  'minContains',
  'maxProperties',
  'minProperties',
  'required',
  'dependentRequired',
]);

const ONE_SCHEMA = [
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
] as const;

const NAMED_SCHEMAS = ['patternProperties', 'dependentSchemas'] as const;

/**
 * Returns the JSON Schema (2020-12) of an OpenAPI schema, with the schemas that it refers to in `components` or in
 * itself.
 *
 * - `nullable: true` allows null regardless of an `enum` or a `$ref` beside it. This is common practice, also in
 *   swagger's decorators, although OpenAPI 3.0.3 requires null to be repeated there.
 * - A boolean `exclusiveMinimum` or `exclusiveMaximum` (3.0) becomes a number.
 * - `discriminator` alone decides which option of a `oneOf` or `anyOf` matches: by its `mapping`, by a `const` or
 *   `enum` of the option, or by the option's name.
 * - A `writeOnly` property does not exist in a response.
 * - Keywords that only describe (`example`, `title`, `xml`, `x-…`) are left out.
 *
 * @throws Error if a schema is invalid, or a `$ref` has no target
 */
export function toJSONSchema(
  schema: OpenAPISchema,
  components: Components,
  find?: FindComponent,
): JSONSchemaDocument {
  const translation = new Translation(new References(schema, components, find));
  const root = translation.translate(schema);
  const { definitions, namesInherited, countsUnevaluated } = translation;
  return { root, definitions, namesInherited, countsUnevaluated };
}

class Translation {
  readonly definitions = new Map<string, JSONSchema>();
  readonly #references: References;
  readonly #refs = new Map<string, string>();
  namesInherited = false;
  countsUnevaluated = false;

  constructor(references: References) {
    this.#references = references;
  }

  /** @param place the name of the schema in errors, e.g. `Puppy.owner` */
  translate(schema: unknown, place = '$'): JSONSchema {
    if (typeof schema === 'boolean') {
      return schema;
    }
    if (!isRawSchema(schema)) {
      throw new Error(
        `${place} has the schema ${JSON.stringify(schema)}. Declare an object or a boolean.`,
      );
    }
    try {
      checkKeywords(schema, place);
    } catch (error) {
      throw new Error(`${place} ${(error as Error).message}`, { cause: error });
    }
    const result: JSONSchemaObject = Object.fromEntries(
      Object.entries(schema).filter(
        ([keyword, value]) => value !== undefined && ASSERTIONS.has(keyword),
      ),
    );
    // Swagger's plugin writes "required: true" into the schema of a property that is a list of lists.
    if (result.required !== undefined && !Array.isArray(result.required)) {
      delete result.required;
    }
    if (typeof schema.$ref === 'string') {
      result.$ref = this.#define(schema.$ref, place);
    }
    for (const keyword of ONE_SCHEMA) {
      if (schema[keyword] !== undefined) {
        const inner =
          keyword === 'items'
            ? `${place}[]`
            : `${place}${keyword.startsWith('additional') ? '.*' : ''}`;
        result[keyword] = this.translate(schema[keyword], inner);
      }
    }
    for (const keyword of NAMED_SCHEMAS) {
      if (schema[keyword] !== undefined) {
        result[keyword] = this.#named(schema[keyword], keyword, place);
      }
    }
    if (schema.prefixItems !== undefined) {
      result.prefixItems = this.#listed(schema.prefixItems, 'prefixItems', `${place}[]`);
    }
    this.#bounds(schema, result);
    this.#properties(schema, result, place);
    this.#combinations(schema, result, place);
    const form = schema.nullable === true ? unlessNull(result) : result;
    if (schema.default !== undefined) {
      form.default = schema.default;
    }
    return form;
  }

  #bounds(schema: RawSchema, result: JSONSchemaObject): void {
    for (const [exclusive, inclusive] of [
      ['exclusiveMinimum', 'minimum'],
      ['exclusiveMaximum', 'maximum'],
    ] as const) {
      if (typeof schema[exclusive] === 'boolean') {
        delete result[exclusive];
        if (schema[exclusive] && schema[inclusive] !== undefined) {
          delete result[inclusive];
          result[exclusive] = schema[inclusive];
        }
      }
    }
  }

  #properties(schema: RawSchema, result: JSONSchemaObject, place: string): void {
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    this.namesInherited ||= required.some(isInherited);
    // Would apply to properties that are left out anyway, and would fail values that other options of a union describe.
    if (result.unevaluatedProperties === false) {
      delete result.unevaluatedProperties;
      result.properties = {};
    }
    this.countsUnevaluated ||=
      result.unevaluatedProperties !== undefined || result.unevaluatedItems !== undefined;
    if (schema.properties === undefined) {
      return;
    }
    const properties: [string, JSONSchema][] = [];
    const unsent = new Set<string>();
    for (const [name, property] of Object.entries(record(schema.properties, 'properties'))) {
      this.namesInherited ||= isInherited(name);
      if (isRawSchema(property) && property.writeOnly === true) {
        unsent.add(name);
      } else if (name === '__proto__') {
        // Ajv ignores a property with this name, but not a pattern that matches only this name.
        result.patternProperties = {
          ...result.patternProperties,
          '^__proto__$': this.translate(property, `${place}.${name}`),
        };
      } else {
        properties.push([name, this.translate(property, `${place}.${name}`)]);
      }
    }
    result.properties = Object.fromEntries(properties);
    if (unsent.size > 0 && result.required !== undefined) {
      result.required = required.filter((name) => !unsent.has(name));
    }
  }

  #combinations(schema: RawSchema, result: JSONSchemaObject, place: string): void {
    const all = schema.allOf === undefined ? [] : this.#listed(schema.allOf, 'allOf', place);
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      if (schema[keyword] === undefined) {
        continue;
      }
      const options = list(schema[keyword], keyword);
      const values = options.filter((option) => !isNullOnly(option));
      const union = this.#union(schema.discriminator, keyword, values, place);
      if (values.length < options.length) {
        // "X or null" reports where X is violated, not that neither X nor null matches.
        all.push(values.length === 0 ? { type: 'null' } : unlessNull(union));
      } else if (union[keyword] === undefined) {
        all.push(union);
      } else {
        result[keyword] = union[keyword];
      }
    }
    if (all.length > 0) {
      result.allOf = all;
    }
  }

  #union(
    discriminator: unknown,
    keyword: 'anyOf' | 'oneOf',
    raw: readonly unknown[],
    place: string,
  ): JSONSchemaObject {
    const options = raw.map((option) => ({
      raw: option,
      translated: this.translate(option, place),
    }));
    const schemas = options.map(({ translated }) => translated);
    return (
      discriminatedUnion(discriminator, options, this.#references) ??
      (schemas.length === 1 ? { allOf: schemas } : { [keyword]: schemas })
    );
  }

  #named(schemas: unknown, keyword: string, place: string): Record<string, JSONSchema> {
    return Object.fromEntries(
      Object.entries(record(schemas, keyword)).map(([name, schema]) => [
        name,
        this.translate(schema, `${place}.${name}`),
      ]),
    );
  }

  #listed(schemas: unknown, keyword: string, place: string): JSONSchema[] {
    return list(schemas, keyword).map((schema) => this.translate(schema, place));
  }

  /** Translates the target of `ref` once. Returns the `$ref` to its definition here. */
  #define(ref: string, place: string): string {
    const known = this.#refs.get(ref);
    if (known !== undefined) {
      return known;
    }
    const defined = `${DOCUMENT_ID}#/$defs/${this.#refs.size}`;
    this.#refs.set(ref, defined);
    const target = this.#references.resolve(ref);
    if (ref.startsWith(COMPONENTS) && isEmptyClass(target)) {
      throw new Error(
        `${nameOf(ref)} declares no properties, so none of its values' properties would be sent. Add @ApiProperty() to ` +
          "them, or compile the class with swagger's CLI plugin, in test runners too.",
      );
    }
    this.definitions.set(defined, this.translate(target, ref === '#' ? place : nameOf(ref)));
    return defined;
  }
}

/** Returns the last name of a JSON Pointer, which is the name of the class. */
function nameOf(ref: string): string {
  return decodeURIComponent(ref.slice(ref.lastIndexOf('/') + 1));
}

/** True for swagger's schema of a class without declared properties. */
function isEmptyClass(schema: unknown): boolean {
  if (!isRawSchema(schema) || schema.type !== 'object' || !isRawSchema(schema.properties)) {
    return false;
  }
  const { type: _type, properties, title: _title, description: _description, ...others } = schema;
  return (
    Object.keys(properties).length === 0 &&
    Object.keys(others).every((keyword) => keyword.startsWith('x-'))
  );
}

function unlessNull(schema: JSONSchema): JSONSchemaObject {
  return { if: { type: 'null' }, else: schema };
}

function isNullOnly(schema: unknown): boolean {
  return (
    isRawSchema(schema) &&
    (schema.type === 'null' ||
      schema.const === null ||
      (Array.isArray(schema.enum) && schema.enum.every((value) => value === null)))
  );
}

function record(value: unknown, keyword: string): RawSchema {
  if (!isRawSchema(value)) {
    throw new Error(`"${keyword}" must be an object of schemas, got ${JSON.stringify(value)}.`);
  }
  return value;
}

function list(value: unknown, keyword: string): unknown[] {
  if (!Array.isArray(value)) {
    throw new Error(`"${keyword}" must be an array of schemas, got ${JSON.stringify(value)}.`);
  }
  return value;
}
