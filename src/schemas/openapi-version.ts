/** True if the version is OpenAPI 3.`minor` or later. */
export function isAtLeast(openapi: string, minor: number): boolean {
  const [major = 3, own = 0] = openapi.split('.').map(Number);
  return major > 3 || (major === 3 && own >= minor);
}
