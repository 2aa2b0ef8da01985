import { isRawSchema } from './openapi-schema.js';
import type { Components, OpenAPISchema, RawSchema } from './openapi-schema.js';

/** Where component schemas are in a document. */
export const COMPONENTS = '#/components/schemas/';

/** Follows each `$ref` of a schema: into itself, or into components. */
export class References {
  readonly #document: RawSchema;

  constructor(root: OpenAPISchema, components: Components) {
    this.#document = { ...root, components: { schemas: components } };
  }

  /**
   * What `ref` leads to, a JSON Pointer in a URI fragment (RFC 6901, section 6).
   *
   * @throws Error where it leads nowhere
   */
  resolve(ref: string): unknown {
    const [start, ...names] = ref.split('/').map(decodeURIComponent);
    let target: unknown = start === '#' ? this.#document : undefined;
    for (const name of names) {
      target = member(target, name.replaceAll('~1', '/').replaceAll('~0', '~'));
    }
    if (target === undefined) {
      throw new Error(
        `"$ref": ${JSON.stringify(ref)} leads nowhere. Declare the class of that name with @ApiExtraModels().`,
      );
    }
    return target;
  }

  /** `schema` and, through `$ref` and `allOf`, all schemas that hold wherever it does. */
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

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
