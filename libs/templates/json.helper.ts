import Handlebars from 'handlebars';

/**
 * The helper `json` writes a value as JSON that is safe inside `<script>`, in element content and in a single-quoted
 * attribute: `<`, `>`, `&`, `'`, `=`, U+2028 and U+2029 are written as `\u003c` and so on. Do not use it in a
 * double-quoted attribute, which ends at the first quote of the JSON. Even there, it cannot add an attribute with code,
 * because `=` is escaped. `undefined` and functions become `null`.
 *
 *     <script>const page = ||@ json page @||;</script>
 */
export function json(...args: unknown[]): Handlebars.SafeString {
  if (args.length !== 2) {
    throw new TypeError('The helper "json" takes one value. Write ||@ json value @||.');
  }
  const text = (JSON.stringify(args[0]) as string | undefined) ?? 'null';
  return new Handlebars.SafeString(text.replace(/[<>&'=\u2028\u2029]/g, escapeCharacter));
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
