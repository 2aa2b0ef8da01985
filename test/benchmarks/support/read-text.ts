/** Returns the exact text. */
export function readText(body: Buffer): string {
  return body.toString();
}
