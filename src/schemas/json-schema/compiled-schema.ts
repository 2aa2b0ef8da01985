import { str } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { differences } from '../differences.js';
import { jsonPath } from '../json-path.js';
import type { Schema } from '../schema.js';
import { SerializationException } from '../serialization.exception.js';
import { summary } from '../violation.js';
import type { Violation } from '../violation.js';
import { REQUIRED, violationsOf } from './ajv-violations.js';
import { circularViolation, keysOf } from './circular.js';
import { FORMATS } from './formats.js';
import { patternOf } from './json-schema.js';
import type { JSONSchema, JSONSchemaDocument } from './json-schema.js';
import { jsonText, withNumbers } from './json-text.js';
import { isMultipleOf } from './multiple-of.js';
import { ProjectionCompiler } from './projection-compiler.js';
import { NestingError, Run, UnsupportedValueError } from './projection.js';
import type { Project, TrailStep } from './projection.js';
import { SchemaGraph } from './schema-graph.js';
import { Selection } from './selection.js';
import { DOCUMENT_ID } from './to-json-schema.js';

/** The function with which Ajv creates regular expressions. Ajv needs its name for the source text of a validator. */
const PATTERNS = Object.assign((source: string) => patternOf(source), { code: 'new RegExp' });

/** The number of definitions above which each is compiled alone. This takes longer, e.g. for those that Ajv inlines. */
const MAX_NESTED = 50;

interface Examined {
  /** The data that would be sent, in plain arrays and objects. Undefined if the value has no JSON form. */
  readonly json?: unknown;
  readonly bigints: boolean;
  readonly violations: readonly Violation[];
}

/** The schema of a DTO class or an OpenAPI schema object. Always synchronous. */
export class CompiledSchema implements Schema {
  readonly #root: readonly JSONSchema[];
  readonly #ajv: Ajv2020;
  readonly #validate: ValidateFunction;
  readonly #validators = new Map<JSONSchema, ValidateFunction>();
  readonly #project: Project;
  readonly #selection: Selection | undefined;

  /** @throws Error if `document` contains an invalid JSON Schema: an unknown type, a broken pattern */
  constructor(
    readonly name: string,
    document: JSONSchemaDocument,
  ) {
    const graph = new SchemaGraph(document);
    this.#root = [document.root];
    this.#ajv = new Ajv2020({
      strict: false,
      strictNumbers: true,
      logger: false,
      allErrors: true,
      // Ajv checks each keyword when it compiles it. Checking all of them by the meta-schema first takes several times
      // as long.
      meta: false,
      validateSchema: false,
      ownProperties: document.namesInherited,
      formats: FORMATS,
      code: { regExp: PATTERNS },
    });
    // Ajv divides binary numbers, so 19.99 would not be a multiple of 0.01.
    this.#ajv.removeKeyword('multipleOf').addKeyword({
      keyword: 'multipleOf',
      type: 'number',
      schemaType: 'number',
      compile: (factor: number) => (value: number) => isMultipleOf(value, factor),
      error: { message: ({ schemaCode }) => str`must be multiple of ${schemaCode}` },
    });
    // Ajv 8.20 fails on "patternProperties" beside "anyOf" while it tracks evaluated properties.
    this.#ajv.opts.unevaluated = document.countsUnevaluated;
    this.#ajv.addSchema({
      $id: DOCUMENT_ID,
      $defs: Object.fromEntries(
        [...document.definitions].map(([ref, schema]) => [
          ref.slice(ref.lastIndexOf('/') + 1),
          schema,
        ]),
      ),
    });
    // Ajv compiles a definition within the one that refers to it, so a chain of 250 would exceed the stack. Definitions are
    // listed after those that they refer to.
    if (document.definitions.size > MAX_NESTED) {
      [...document.definitions.keys()].forEach((ref) => this.#ajv.getSchema(ref));
    }
    this.#validate = this.#ajv.compile({ allOf: [document.root] });
    const compiler = new ProjectionCompiler(graph, (schema, value) =>
      this.#conforms(schema, value),
    );
    this.#project = compiler.compile(this.#root);
    this.#selection = graph.hasConditions(this.#root) ? new Selection(graph) : undefined;
  }

  serialize(value: unknown): string {
    const { json, bigints } = this.#conforming(value);
    return bigints ? jsonText(json) : JSON.stringify(json);
  }

  project(value: unknown): unknown {
    return this.#conforming(value).json;
  }

  inspect(value: unknown, sent: string): Violation[] {
    const { json, violations } = this.#examine(value);
    const changes =
      json === undefined ? [] : differences(JSON.parse(sent), JSON.parse(jsonText(json)));
    const explained = this.#explained(violations, value);
    return explained === violations ? summary(violations, changes) : [...explained];
  }

  #conforming(value: unknown): Examined {
    const examined = this.#examine(value);
    if (examined.violations.length > 0) {
      throw new SerializationException(this.name, this.#explained(examined.violations, value));
    }
    return examined;
  }

  /**
   * Returns `violations`, or only a hint if an interceptor seems to have wrapped a value of this type in an envelope.
   */
  #explained(violations: readonly Violation[], value: unknown): readonly Violation[] {
    const isPlain = Object.prototype.toString.call(value) === '[object Object]';
    // Without required properties, every object would seem to have this type.
    if (!isPlain || !isOfOtherType(violations) || this.#validate({})) {
      return violations;
    }
    const content = Object.entries(value as object).find(
      ([, part]: [string, unknown]) =>
        typeof part === 'object' &&
        part !== null &&
        Object.keys(part).length > 0 &&
        !isOfOtherType(this.#examine(part).violations),
    );
    return content === undefined
      ? violations
      : [
          {
            path: jsonPath([content[0]]),
            message: 'fits better than the whole: if an interceptor wraps it, declare the envelope',
          },
        ];
  }

  #examine(value: unknown): Examined {
    const run = new Run();
    let json: unknown;
    try {
      json = this.#project(value, run) ?? null;
    } catch (error) {
      if (!(error instanceof UnsupportedValueError)) {
        throw error;
      }
      return { bigints: false, violations: [this.#unsupported(value, error)] };
    }
    const { bigints } = run;
    const comparable = (part: unknown): unknown => (bigints ? withNumbers(part) : part);
    const violations = this.#violations(comparable(json));
    if (violations.length > 0 || this.#selection === undefined) {
      return { json, bigints, violations };
    }
    const changed = this.#selection.apply(json, this.#root, (schema, part) =>
      this.#conforms(schema, comparable(part)),
    );
    // A property that only one option rejected may be gone now, so that two options of a oneOf match.
    return { json, bigints, violations: changed ? this.#violations(comparable(json)) : [] };
  }

  #violations(json: unknown): Violation[] {
    return this.#validate(json) ? [] : violationsOf(this.#validate.errors ?? [], json);
  }

  /** Projects again and records the path, to find the place of the failure. */
  #unsupported(value: unknown, error: UnsupportedValueError): Violation {
    const trail: TrailStep[] = [];
    try {
      this.#project(value, new Run(trail));
    } catch (again) {
      if (!(again instanceof UnsupportedValueError)) {
        throw again;
      }
    }
    return error instanceof NestingError
      ? (circularViolation(trail) ?? { path: jsonPath([]), message: error.message })
      : { path: jsonPath(keysOf(trail)), message: error.message };
  }

  #conforms(schema: JSONSchema, value: unknown): boolean {
    let validate = this.#validators.get(schema);
    if (validate === undefined) {
      validate = this.#ajv.compile(schema);
      this.#validators.set(schema, validate);
    }
    return validate(value);
  }
}

/**
 * True if a value seems to have another type: it is not an object that is declared, or lacks all required properties.
 */
function isOfOtherType(violations: readonly Violation[]): boolean {
  return (
    violations.length > 0 &&
    violations.every(({ path, message }) => path === '$' || message === REQUIRED)
  );
}
