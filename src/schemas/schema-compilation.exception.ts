/** A declared type of which no schema can be made. Names the type; the reason is its `cause`, and in its message. */
export class SchemaCompilationException extends Error {
  override readonly name = 'SchemaCompilationException';

  constructor(
    readonly type: string,
    cause: unknown,
  ) {
    super(
      `The schema of ${type} cannot be compiled: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}
