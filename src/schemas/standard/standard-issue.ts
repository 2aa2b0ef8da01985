import type { StandardSchemaV1 } from '@standard-schema/spec';
import { jsonPath } from '../json-path.js';
import type { Violation } from '../violation.js';

type Issue = StandardSchemaV1.Issue;

/** Returns the path of an issue: property names and indexes. */
export function pathOf({ path = [] }: Issue): PropertyKey[] {
  return path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
}

/**
 * Removes the value from the message of an issue. Valibot and ArkType quote it (`but received "secret"`, `(was
 * "secret")`), and custom messages may do so too. A message is replaced as a whole if the value cannot be cut off.
 */
export function violationOf(issue: Issue, value: unknown): Violation {
  const path = pathOf(issue);
  const place = path.reduce<unknown>(
    (parent, name) =>
      typeof parent === 'object' && parent !== null ? Reflect.get(parent, name) : undefined,
    value,
  );
  const at = jsonPath(path);
  const [text = ''] = issue.message.split(/(?: but|:) received |\s*\(was /i);
  const message = withoutPath(text, at);
  return {
    path: at,
    message: message === '' || quotes(message, place) ? 'does not conform' : message,
  };
}

/** ArkType starts with the path, `dog.email must be an email address`, which is reported separately. */
function withoutPath(text: string, path: string): string {
  const prefix = `${path.replace(/^\$\.?/, '')} `;
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function quotes(message: string, value: unknown): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    return false;
  }
  const text = `${value}`.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return text !== '' && new RegExp(`(?<![a-z0-9])${text}(?![a-z0-9])`, 'i').test(message);
}
