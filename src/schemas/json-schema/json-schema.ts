/** A JSON Schema (2020-12), reduced to the keywords that constrain a value or declare its contents. */
export type JSONSchema = boolean | JSONSchemaObject;

export interface JSONSchemaObject {
  $ref?: string;
  type?: string | string[];
  format?: string;
  contentEncoding?: string;
  default?: unknown;
  required?: string[];
  properties?: Record<string, JSONSchema>;
  patternProperties?: Record<string, JSONSchema>;
  additionalProperties?: JSONSchema;
  unevaluatedProperties?: JSONSchema;
  items?: JSONSchema;
  prefixItems?: JSONSchema[];
  allOf?: JSONSchema[];
  anyOf?: JSONSchema[];
  oneOf?: JSONSchema[];
  if?: JSONSchema;
  then?: JSONSchema;
  else?: JSONSchema;
  dependentSchemas?: Record<string, JSONSchema>;
  [keyword: string]: unknown;
}

/** A schema with everything that it refers to. */
export interface JSONSchemaDocument {
  readonly root: JSONSchema;

  /** The targets of the `$ref`s in `root` and in the definitions. */
  readonly definitions: ReadonlyMap<string, JSONSchema>;

  /** True if it names a property that every object inherits, e.g. `constructor`. */
  readonly namesInherited: boolean;

  /** True if it has `unevaluatedProperties` or `unevaluatedItems`, which validators have to track. */
  readonly countsUnevaluated: boolean;
}

/** Returns true if a value of plain arrays and objects matches a part of a schema. */
export type Conforms = (schema: JSONSchema, value: unknown) => boolean;

/** True if every object inherits a property called `name`. */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/**
 * Returns a regular expression of a schema. Uses the Unicode mode if the pattern is valid in it (`\p{L}`), otherwise
 * not (`\-`).
 */
export function patternOf(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}
