/**
 * Parses an `If-Match` or `If-None-Match` field. Returns its entity tags as written (`"a"`, `W/"a"`), or `'*'`. Skips
 * empty list elements. Returns `undefined` for a field that is neither `*` nor a list of entity tags. RFC 9110,
 * sections 5.6.1, 8.8.3 and 13.1.1.
 */
export function parseEntityTags(field: string): readonly string[] | '*' | undefined {
  if (field === '*') return '*';
  // Read element by element, because a tag may contain a comma: `"a,b"`.
  const element = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y;
  const tags: string[] = [];
  for (;;) {
    const match = element.exec(field);
    if (match === null) return undefined;
    if (match[1] !== undefined) tags.push(match[1]);
    if (!match[0].endsWith(',')) return tags;
  }
}

/** True if two entity tags are the same and neither is weak. RFC 9110, section 8.8.3.2. */
export function matchesStrongly(tag: string, other: string): boolean {
  return tag === other && !tag.startsWith('W/');
}

/** True if two entity tags are the same, weak or not. RFC 9110, section 8.8.3.2. */
export function matchesWeakly(tag: string, other: string): boolean {
  return opaque(tag) === opaque(other);
}

function opaque(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
