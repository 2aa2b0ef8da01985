import { isRawSchema } from './openapi-schema.js';
import type { Components, FindComponent, OpenAPISchema, RawSchema } from './openapi-schema.js';

/** The path of component schemas in a document. */
export const COMPONENTS = '#/components/schemas/';

/** Resolves the `$ref`s of a schema: within itself, or into components. */
export class References {
  readonly #document: RawSchema;

  /** @param find returns components that are not among `components` */
  constructor(
    root: OpenAPISchema,
    components: Components,
    private readonly find: FindComponent = () => undefined,
  ) {
    this.#document = { ...root, components: { schemas: components } };
  }

  /**
   * Returns the target of `ref`, a JSON Pointer in a URI fragment (RFC 6901, section 6).
   *
   * @throws Error if it has no target
   */
  resolve(ref: string): unknown {
    const [start, ...names] = ref
      .split('/')
      .map((name) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~'));
    const target =
      start === '#' ? (follow(this.#document, names) ?? this.#component(names)) : undefined;
    if (target === undefined) {
      throw new Error(
        `"$ref": ${JSON.stringify(ref)} has no target. Declare the class of that name with @ApiExtraModels().`,
      );
    }
    return target;
  }

  #component([components, schemas, name = '', ...rest]: readonly string[]): unknown {
    return components === 'components' && schemas === 'schemas'
      ? follow(this.find(name), rest)
      : undefined;
  }

  /** Returns `schema` and, through `$ref` and `allOf`, all schemas that always apply with it. */
  parts(schema: unknown): RawSchema[] {
    const parts = new Set<RawSchema>();
    const visit = (part: unknown): void => {
      if (!isRawSchema(part) || parts.has(part)) {
        return;
      }
      parts.add(part);
      if (typeof part.$ref === 'string') {
        visit(this.resolve(part.$ref));
      }
      if (Array.isArray(part.allOf)) {
        part.allOf.forEach(visit);
      }
    };
    visit(schema);
    return [...parts];
  }
}

function follow(value: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>(member, value);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
