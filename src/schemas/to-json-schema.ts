import type { ReferenceObject, SchemaObject } from '@nestjs/swagger';
import { isInherited } from './json-schema.js';
import type { JSONSchema, JSONSchemaDocument, JSONSchemaObject } from './json-schema.js';

/** A schema as OpenAPI 3.0, 3.1 or 3.2 has it. */
export type OpenAPISchema = SchemaObject | ReferenceObject;

/** Schemas by the name under which `#/components/schemas/` has them. */
export type Components = Readonly<Record<string, OpenAPISchema>>;

/** The `$id` under which a translated schema knows itself, so that each part of it can be compiled alone. */
export const DOCUMENT_ID = 'declared';

const COMPONENTS = '#/components/schemas/';

const ASSERTIONS = [
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
] as const;

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

type Raw = Record<string, unknown>;

/**
 * The JSON Schema (2020-12) of an OpenAPI schema, with what it refers to in `components` or in itself.
 *
 * - `nullable: true` allows null whatever stands beside it, an `enum` or a `$ref` too: so it is written by everybody,
 *   swagger's decorators included, though OpenAPI 3.0.3 would have null repeated in all of them.
 * - A boolean `exclusiveMinimum` or `exclusiveMaximum` (3.0) becomes a number.
 * - `discriminator` decides alone which option of a `oneOf` or `anyOf` holds: by its `mapping`, by a `const` or `enum`
 *   of the option, or by the option's name.
 * - A `writeOnly` property is none in a response.
 * - Everything that only describes (`example`, `title`, `xml`, `x-…`) is left out.
 *
 * @throws Error where a schema is none, or a `$ref` leads nowhere
 */
export function toJSONSchema(schema: OpenAPISchema, components: Components): JSONSchemaDocument {
  const translation = new Translation(schema, components);
  const root = translation.translate(schema);
  return { root, definitions: translation.definitions, namesInherited: translation.namesInherited };
}

class Translation {
  readonly definitions = new Map<string, JSONSchema>();
  readonly #refs = new Map<string, string>();
  namesInherited = false;

  constructor(
    private readonly root: OpenAPISchema,
    private readonly components: Components,
  ) {}

  translate(schema: unknown): JSONSchema {
    if (typeof schema === 'boolean') {
      return schema;
    }
    if (!isRaw(schema)) {
      throw new Error(`A schema must be an object or a boolean, got ${JSON.stringify(schema)}.`);
    }
    const result: JSONSchemaObject = Object.fromEntries(
      ASSERTIONS.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [
        keyword,
        schema[keyword],
      ]),
    );
    if (typeof schema.$ref === 'string') {
      result.$ref = this.#define(schema.$ref);
    }
    for (const keyword of ONE_SCHEMA) {
      if (schema[keyword] !== undefined) {
        result[keyword] = this.translate(schema[keyword]);
      }
    }
    for (const keyword of NAMED_SCHEMAS) {
      if (schema[keyword] !== undefined) {
        result[keyword] = this.#named(schema[keyword], keyword);
      }
    }
    if (schema.prefixItems !== undefined) {
      result.prefixItems = this.#listed(schema.prefixItems, 'prefixItems');
    }
    this.#bounds(schema, result);
    this.#properties(schema, result);
    this.#combinations(schema, result);
    const form = schema.nullable === true ? unlessNull(result) : result;
    if (schema.default !== undefined) {
      form.default = schema.default;
    }
    return form;
  }

  #bounds(schema: Raw, result: JSONSchemaObject): void {
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

  #properties(schema: Raw, result: JSONSchemaObject): void {
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    this.namesInherited ||= required.some(isInherited);
    // Said of what would be left out all the same, and would fail a value that other options of a union speak of.
    if (result.unevaluatedProperties === false) {
      delete result.unevaluatedProperties;
      result.properties = {};
    }
    if (schema.properties === undefined) {
      return;
    }
    const properties: [string, JSONSchema][] = [];
    const unsent = new Set<string>();
    for (const [name, property] of Object.entries(record(schema.properties, 'properties'))) {
      this.namesInherited ||= isInherited(name);
      if (isRaw(property) && property.writeOnly === true) {
        unsent.add(name);
      } else if (name === '__proto__') {
        // Ajv passes over a property of this name, but not over a pattern that only this name matches.
        result.patternProperties = {
          ...result.patternProperties,
          '^__proto__$': this.translate(property),
        };
      } else {
        properties.push([name, this.translate(property)]);
      }
    }
    result.properties = Object.fromEntries(properties);
    if (unsent.size > 0 && result.required !== undefined) {
      result.required = required.filter((name) => !unsent.has(name));
    }
  }

  #combinations(schema: Raw, result: JSONSchemaObject): void {
    const all = schema.allOf === undefined ? [] : this.#listed(schema.allOf, 'allOf');
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      if (schema[keyword] === undefined) {
        continue;
      }
      const options = list(schema[keyword], keyword);
      const values = options.filter((option) => !isNullOnly(option));
      const union = this.#union(schema.discriminator, keyword, values);
      if (values.length < options.length) {
        // "X or null" says of a violation in X where it is, not that neither X nor null fits.
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

  #union(discriminator: unknown, keyword: 'anyOf' | 'oneOf', options: unknown[]): JSONSchemaObject {
    return (
      this.#discriminated(discriminator, options) ?? {
        [keyword]: options.map((option) => this.translate(option)),
      }
    );
  }

  /** A chain of "if it is tagged so, it is this", or undefined where `options` cannot be told apart by a tag. */
  #discriminated(discriminator: unknown, options: unknown[]): JSONSchemaObject | undefined {
    if (!isRaw(discriminator) || typeof discriminator.propertyName !== 'string') {
      return undefined;
    }
    const name = discriminator.propertyName;
    const mapping = isRaw(discriminator.mapping) ? discriminator.mapping : {};
    const tags = options.map((option) => this.#tags(option, name, mapping));
    if (tags.some(({ length }) => length === 0)) {
      return undefined;
    }
    const tagged = (values: unknown[]): JSONSchemaObject => ({
      required: [name],
      properties: { [name]: { enum: values } },
    });
    return options.reduceRight<JSONSchemaObject>(
      (otherwise, option, index) =>
        conditional(tagged(tags[index] ?? []), this.translate(option), otherwise),
      tagged([...new Set(tags.flat())]),
    );
  }

  #tags(option: unknown, name: string, mapping: Raw): unknown[] {
    const ref = isRaw(option) && typeof option.$ref === 'string' ? option.$ref : undefined;
    const mapped = Object.entries(mapping)
      .filter(
        ([, target]) =>
          typeof target === 'string' && (target === ref || COMPONENTS + target === ref),
      )
      .map(([tag]) => tag);
    if (mapped.length > 0) {
      return mapped;
    }
    const declared = this.#parts(option)
      .map(({ properties }) =>
        isRaw(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined,
      )
      .flatMap((property) => this.#parts(property))
      .flatMap((property) => (property.const === undefined ? property.enum : property.const))
      .filter((value) => value !== undefined);
    return declared.length > 0 || ref === undefined
      ? declared
      : [ref.slice(ref.lastIndexOf('/') + 1)];
  }

  /** `schema` and, through `$ref` and `allOf`, all schemas that hold wherever it does. */
  #parts(schema: unknown): Raw[] {
    const parts = new Set<Raw>();
    const visit = (part: unknown): void => {
      if (!isRaw(part) || parts.has(part)) {
        return;
      }
      parts.add(part);
      if (typeof part.$ref === 'string') {
        visit(this.#resolve(part.$ref));
      }
      if (Array.isArray(part.allOf)) {
        part.allOf.forEach(visit);
      }
    };
    visit(schema);
    return [...parts];
  }

  #named(schemas: unknown, keyword: string): Record<string, JSONSchema> {
    return Object.fromEntries(
      Object.entries(record(schemas, keyword)).map(([name, schema]) => [
        name,
        this.translate(schema),
      ]),
    );
  }

  #listed(schemas: unknown, keyword: string): JSONSchema[] {
    return list(schemas, keyword).map((schema) => this.translate(schema));
  }

  /** Translates what `ref` leads to, once, and gives the `$ref` under which it is defined here. */
  #define(ref: string): string {
    const known = this.#refs.get(ref);
    if (known !== undefined) {
      return known;
    }
    const defined = `${DOCUMENT_ID}#/$defs/${this.#refs.size}`;
    this.#refs.set(ref, defined);
    this.definitions.set(defined, this.translate(this.#resolve(ref)));
    return defined;
  }

  /** RFC 6901, section 6: a JSON Pointer in a URI fragment. */
  #resolve(ref: string): unknown {
    const [, ...names] = ref
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
    let target: unknown = { ...this.root, components: { schemas: this.components } };
    if (ref !== '#') {
      for (const name of ref.startsWith('#/') ? names : ['']) {
        target =
          (isRaw(target) || Array.isArray(target)) && Object.hasOwn(target, name)
            ? Reflect.get(target, name)
            : undefined;
      }
    }
    if (target === undefined) {
      throw new Error(
        `"$ref": ${JSON.stringify(ref)} leads nowhere. Declare the class of that name with @ApiExtraModels().`,
      );
    }
    return target;
  }
}

function conditional(
  ...parts: [condition: JSONSchema, consequence: JSONSchema, otherwise: JSONSchema]
): JSONSchemaObject {
  return Object.fromEntries(
    ['if', 'then', 'else'].map((keyword, index) => [keyword, parts[index]]),
  );
}

function unlessNull(schema: JSONSchema): JSONSchemaObject {
  return { if: { type: 'null' }, else: schema };
}

function isNullOnly(schema: unknown): boolean {
  return (
    isRaw(schema) &&
    (schema.type === 'null' ||
      schema.const === null ||
      (Array.isArray(schema.enum) && schema.enum.every((value) => value === null)))
  );
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown, keyword: string): Raw {
  if (!isRaw(value)) {
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
