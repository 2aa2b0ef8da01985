import { spawn } from 'node:child_process';

/** A command and its output on a page. */
export interface Exchange {
  readonly command: string;
  readonly answer: string;
}

/** Returns the commands of a console block, each on a line that begins with `$ `, with their output. */
export function exchangesOf(code: string): Exchange[] {
  return code
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = ''] = /^(?:.*\\\n)*.*/.exec(text) ?? [];
      return { command, answer: text.slice(command.length + 1).trimEnd() };
    });
}

/** The time an answer may take before it is compared, in milliseconds. */
const PATIENCE = 15_000;

/**
 * Runs a curl command in this folder, with the port of the application instead of 3000. Returns its output. A command
 * with `-N`, which watches a stream, is stopped once the expected output has arrived.
 */
export function runCurl({ command, answer }: Exchange, port: number, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const line = command.replaceAll('localhost:3000', `127.0.0.1:${port}`);
    const child = spawn('sh', ['-c', line.replace(/^curl/, 'exec curl -sS')], {
      cwd,
      timeout: PATIENCE,
    });
    let received = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      if (command.includes(' -N ') && asShown(received, answer) === answer) {
        child.kill();
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', reject);
    child.on('close', () => resolve(`${complaint}${asShown(received, answer)}`));
  });
}

/** Headers that a page need not show: those of a platform, and those that vary. */
const AMBIENT = [
  'connection',
  'date',
  'etag',
  'keep-alive',
  'transfer-encoding',
  'x-accel-buffering',
  'x-powered-by',
];

/**
 * Normalizes an answer to the form on the page: replaces text with `…`, and ignores hidden headers, their order and
 * their case. Real differences remain.
 */
function asShown(actual: string, shown: string): string {
  const [shownHead, shownBody] = split(shown);
  const [head, body] = split(actual.trimEnd());
  return [...likeHead(head, shownHead), ...likeLines(body, shownBody)].join('\n');
}

/** Returns the lines of the head, if there is one, and of the body. */
function split(answer: string): [head: string[], body: string[]] {
  const lines = answer.split(/\r?\n/);
  const end = lines[0]?.startsWith('HTTP/') ? lines.indexOf('') + 1 || lines.length : 0;
  return [lines.slice(0, end), lines.slice(end)];
}

function likeHead(actual: readonly string[], shown: readonly string[]): string[] {
  const byName = new Map(actual.map((line) => [nameOf(line), line]));
  const found = shown.map((line) => {
    const name = nameOf(line);
    const value = byName.get(name);
    byName.delete(name);
    const isHeader = line.includes(': ');
    return value === undefined
      ? `(no ${line})`
      : likeLine(isHeader ? line.slice(0, name.length) + value.slice(name.length) : value, line);
  });
  const more = [...byName].filter(([name]) => !AMBIENT.includes(name)).map(([, line]) => line);
  return [...found, ...more];
}

function nameOf(line: string): string {
  const [name = ''] = line.split(':', 1);
  return name.toLowerCase();
}

function likeLines(actual: readonly string[], shown: readonly string[]): string[] {
  return actual.map((line, i) => likeLine(line, shown[i] ?? ''));
}

/** Returns the line as shown on the page if it differs only where that has `…`. */
function likeLine(actual: string, shown: string): string {
  const pattern = shown.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(actual) ? shown : actual;
}
