import type { JSONSchema, JSONSchemaObject } from './json-schema.js';
import { isRawSchema } from './openapi-schema.js';
import type { RawSchema } from './openapi-schema.js';
import { COMPONENTS } from './references.js';
import type { References } from './references.js';

/** An option of a `oneOf` or `anyOf`, as declared and as translated. */
export interface Option {
  readonly raw: unknown;
  readonly translated: JSONSchema;
}

/**
 * Returns the union of `options` that a `discriminator` distinguishes (OpenAPI 3.1.1, section 4.8.25), as a chain of
 * `if` and `else` on the tag. Undefined if the tags of an option are unknown.
 */
export function discriminatedUnion(
  discriminator: unknown,
  options: readonly Option[],
  references: References,
): JSONSchemaObject | undefined {
  if (!isRawSchema(discriminator) || typeof discriminator.propertyName !== 'string') {
    return undefined;
  }
  const { propertyName: name, mapping } = discriminator;
  const tagged = options.map(({ raw, translated }) => ({
    tags: tagsOf(raw, name, isRawSchema(mapping) ? mapping : {}, references),
    schema: withTag(translated, raw, name, references),
  }));
  if (tagged.some(({ tags }) => tags.length === 0)) {
    return undefined;
  }
  return tagged.reduceRight<JSONSchemaObject>(
    (otherwise, { tags, schema }) => conditional(hasTag(name, tags), schema, otherwise),
    hasTag(name, [...new Set(tagged.flatMap(({ tags }) => tags))]),
  );
}

function hasTag(name: string, tags: readonly unknown[]): JSONSchemaObject {
  return { required: [name], properties: { [name]: { enum: tags } } };
}

/** Returns the tags of `option`: those mapped to it, otherwise those that it declares, otherwise its name. */
function tagsOf(
  option: unknown,
  name: string,
  mapping: RawSchema,
  references: References,
): readonly unknown[] {
  const ref = isRawSchema(option) && typeof option.$ref === 'string' ? option.$ref : undefined;
  const mapped = Object.keys(mapping).filter(
    (tag) => ref !== undefined && [ref, ref.replace(COMPONENTS, '')].includes(String(mapping[tag])),
  );
  if (mapped.length > 0) {
    return mapped;
  }
  const declared = references
    .parts(option)
    .flatMap(({ properties }) => references.parts(ownProperty(properties, name)))
    .flatMap((property) => (property.const === undefined ? property.enum : property.const))
    .filter((value) => value !== undefined);
  return declared.length > 0 || ref === undefined
    ? declared
    : [ref.slice(ref.lastIndexOf('/') + 1)];
}

/** Adds the tag to the properties of `schema`, in case the option does not declare it. */
function withTag(
  schema: JSONSchema,
  option: unknown,
  name: string,
  references: References,
): JSONSchema {
  const declared = references.parts(option).filter(({ properties }) => isRawSchema(properties));
  const missing = declared.every(({ properties }) => ownProperty(properties, name) === undefined);
  return declared.length > 0 && missing
    ? { allOf: [schema], properties: { [name]: true } }
    : schema;
}

function ownProperty(properties: unknown, name: string): unknown {
  return isRawSchema(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Set by name, because an object literal with a `then` would look like a promise. */
function conditional(
  ...parts: [condition: JSONSchema, consequence: JSONSchema, otherwise: JSONSchema]
): JSONSchemaObject {
  return Object.fromEntries(
    ['if', 'then', 'else'].map((keyword, index) => [keyword, parts[index]]),
  );
}
