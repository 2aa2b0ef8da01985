/**
 * The entity tags that an `If-Match` or `If-None-Match` field lists, each as it stands there
 * (`"a"`, `W/"a"`), or `'*'`. Empty list elements are skipped; a field that is neither `*` nor a
 * list of entity tags is `undefined`. RFC 9110, sections 5.6.1, 8.8.3 and 13.1.1.
 */
export function parseEntityTags(field: string): readonly string[] | '*' | undefined {
  if (field === '*') return '*';
  // Read element by element, because a comma may stand inside of a tag: `"a,b"`.
  const element = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y;
  const tags: string[] = [];
  for (;;) {
    const match = element.exec(field);
    if (match === null) return undefined;
    if (match[1] !== undefined) tags.push(match[1]);
    if (!match[0].endsWith(',')) return tags;
  }
}

/** Whether two entity tags are the same and neither is weak. RFC 9110, section 8.8.3.2. */
export function matchesStrongly(tag: string, other: string): boolean {
  return tag === other && !tag.startsWith('W/');
}

/** Whether two entity tags are the same, weak or not. RFC 9110, section 8.8.3.2. */
export function matchesWeakly(tag: string, other: string): boolean {
  return opaque(tag) === opaque(other);
}

function opaque(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
