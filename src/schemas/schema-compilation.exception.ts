/** Thrown if a declared type cannot be compiled. The message names the type and the reason, which is also the `cause`. */
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
