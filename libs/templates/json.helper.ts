import Handlebars from 'handlebars';

/**
 * The helper `json`: a value as JSON, safe inside `<script>`, in element content and in a single-quoted attribute,
 * as `<`, `>`, `&`, `'`, `=`, U+2028 and U+2029 are written as `\u003c` and so on. As the quotes of JSON stay as they
 * are, it does not fit a double-quoted attribute: there the value is cut, though no attribute that holds code can
 * follow without a `=`. `undefined` and functions give `null`.
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
