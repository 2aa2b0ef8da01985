/** The validators that distinguish versions of a representation. */
export interface Validators {
  /** The `ETag` field, weak or strong. */
  readonly etag?: string | undefined;
  /** The `Last-Modified` field. */
  readonly lastModified?: string | undefined;
}

/** The representation that a GET without preconditions and ranges would receive. */
export interface Representation extends Validators {
  /** The number of bytes, a safe integer. */
  readonly size: number;
  /** The `Content-Type` field. Undefined if the type is unknown. */
  readonly mediaType?: string | undefined;
}
