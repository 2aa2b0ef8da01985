/** What a client compares to tell one version of a representation from another. */
export interface Validators {
  /** The `ETag` field as it is sent, weak or strong. */
  readonly etag?: string | undefined;
  /** The `Last-Modified` field as it is sent. */
  readonly lastModified?: string | undefined;
}

/** The bytes that a GET without conditions and ranges would be answered with. */
export interface Representation extends Validators {
  /** Number of bytes, a safe integer. */
  readonly size: number;
  /** The `Content-Type` field as it is sent; none where the type is not known. */
  readonly mediaType?: string | undefined;
}
