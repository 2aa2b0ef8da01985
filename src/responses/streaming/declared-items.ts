import { mapSource, type StreamContent } from '../../../libs/streams/index.js';
import type { SchemaSource } from '../../schemas/compile-schema.js';
import type { Validation } from '../declared-serializer.js';

/** The schemas that the items of a stream must match. */
export interface ItemDeclaration {
  /** The schema of each item, or of the data of each event. */
  readonly schema?: SchemaSource | undefined;
  /** Overrides the option `validation` of the module. */
  readonly validation?: Validation | undefined;
  /** The schemas of the data of named events, by name. */
  readonly events?: Readonly<Record<string, SchemaSource>> | undefined;
}

interface DeclaredItems {
  readonly source: StreamContent<unknown>;
  readonly declaration: ItemDeclaration;
}

const declaredItems = new WeakMap<object, DeclaredItems>();

/**
 * Returns a source that yields the items of another one as `project` returns them. A stream that is constructed with it
 * reads the original source instead and applies the declaration itself. It may then write JSON without an intermediate
 * value.
 */
export function declareItems(
  source: StreamContent<unknown>,
  declaration: ItemDeclaration,
  project: (item: unknown) => unknown,
): StreamContent<unknown> {
  const projected = mapSource(source, project);
  declaredItems.set(projected, { source, declaration });
  return projected;
}

/** Returns the original source and the declaration of a declared source; undefined for any other source. */
export function declaredItemsOf(content: object): DeclaredItems | undefined {
  return declaredItems.get(content);
}
