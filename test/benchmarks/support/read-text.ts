/** The exact text. */
export function readText(body: Buffer): string {
  return body.toString();
}
