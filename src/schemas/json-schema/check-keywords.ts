import { patternOf } from './json-schema.js';
import type { RawSchema } from './openapi-schema.js';

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

const NUMBERS = new Set([
  'multipleOf',
  'maximum',
  'minimum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'maxItems',
  'minItems',
  'maxProperties',
  'minProperties',
]);

/** Types that decorators often name although JSON Schema does not have them, each with a declaration that works. */
const CURES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "{ type: 'string', format: 'date' }": ['date'],
    "{ type: 'string', format: 'date-time' }": ['datetime', 'date-time', 'timestamp', 'time'],
    "{ type: 'string', format: 'uuid' }": ['uuid', 'guid'],
    "{ type: 'string', format: 'email' }": ['email'],
    "{ type: 'string', format: 'uri' }": ['uri', 'url'],
    "{ type: 'string', format: 'binary' }": ['file', 'binary', 'buffer', 'blob'],
    "{ type: 'string' }": ['string', 'text', 'varchar', 'char', 'objectid'],
    "{ type: 'number' }": ['number', 'float', 'double', 'decimal', 'numeric'],
    "{ type: 'integer' }": ['integer', 'int', 'int32', 'int64', 'long', 'bigint'],
    "{ type: 'boolean' }": ['boolean', 'bool'],
    "{ type: 'array', items: ... }": ['array', 'list', 'set'],
    "{ type: 'object', additionalProperties: true }": ['object', 'map', 'record', 'dictionary'],
    '{ type: Object }': ['any', 'unknown', 'mixed', 'json', 'undefined'],
  }).flatMap(([cure, types]) => types.map((type) => [type, cure] as const)),
);

/**
 * Checks that the keywords of a schema have values that JSON Schema allows. Swagger's decorators accept any.
 *
 * @param place the place of the schema, e.g. `Puppy.walks[][]` for an item of a list of lists
 * @throws Error that names the keyword, its value and a fix, but not the place of the schema
 */
export function checkKeywords(schema: RawSchema, place: string): void {
  const types: unknown[] = schema.type === undefined ? [] : [schema.type].flat();
  const unknown = types.find((type) => !TYPES.has(type as string));
  if (unknown !== undefined) {
    // Swagger leaves a list in the type if it is given more than two.
    const cure = cureOf(unknown, listsOf(place) + (Array.isArray(schema.type) ? 1 : 0));
    throw new Error(
      `has the type ${text(unknown)}, which JSON Schema does not have. Declare ${cure}.`,
    );
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const isSwitch = keyword.startsWith('exclusive') && typeof value === 'boolean';
    if (NUMBERS.has(keyword) && value !== undefined && !isSwitch && !Number.isFinite(value)) {
      throw new Error(`has the ${keyword} ${text(value)}. Declare a number.`);
    }
  }
  if (schema.enum !== undefined && !(Array.isArray(schema.enum) && schema.enum.length > 0)) {
    throw new Error(
      `has the enum ${text(schema.enum)}. List its values, or leave the keyword out.`,
    );
  }
  const { required } = schema;
  if (required !== undefined && typeof required !== 'boolean' && !Array.isArray(required)) {
    throw new Error(`has the required ${text(required)}. List the names of properties.`);
  }
  if (schema.pattern !== undefined) {
    checkPattern(schema.pattern);
  }
}

function checkPattern(pattern: unknown): void {
  if (typeof pattern !== 'string') {
    throw new Error(
      `has the pattern ${String(pattern)}. Declare the source of a regular expression.`,
    );
  }
  try {
    patternOf(pattern);
  } catch (error) {
    throw new Error(
      `has a pattern that is not a regular expression. ${(error as Error).message}.`,
      {
        cause: error,
      },
    );
  }
}

function cureOf(type: unknown, lists: number): string {
  const cure = CURES.get(String(type).toLowerCase());
  // Of `[[Class]]`, swagger writes the name of the class as a type, in lower case. It reads lists of lists from functions.
  if (lists > 1 && (cure === undefined || type === 'date')) {
    const name = typeof type === 'function' ? type.name : type === 'date' ? 'Date' : 'Class';
    return `a list of lists by a function: type: () => ${'['.repeat(lists)}${name}${']'.repeat(lists)}`;
  }
  return cure ?? `one of ${[...TYPES].join(', ')}, or a class`;
}

/** The number of lists that a place is directly in, e.g. 2 for `Puppy.walks[][]`. */
function listsOf(place: string): number {
  return (/(?:\[\])*$/.exec(place)?.[0].length ?? 0) / 2;
}

function text(value: unknown): string {
  if (typeof value === 'function') {
    return value.name;
  }
  return JSON.stringify(value) ?? String(value);
}
