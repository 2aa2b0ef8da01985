import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps: readonly { readonly run?: string }[];
}

interface Manifest {
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const runStep = (...steps: string[]) =>
  execFileSync(join(root, '.ci/run'), steps, { encoding: 'utf8', stdio: 'pipe' });

const { jobs } = parse(read('.github/workflows/ci.yml')) as Workflow;
const commands = Object.values(jobs).flatMap(({ steps }) =>
  steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
);

describe('The workflow', () => {
  it('runs every step of .ci/run, and nothing else', () => {
    const run = commands.flatMap((command) => {
      const [program, ...steps] = command.split(' ');
      return program === '.ci/run' ? steps : [command];
    });
    expect(new Set(run)).toEqual(new Set(runStep('--list').trim().split('\n')));
  });

  it('tests the oldest supported Node and each supported major version of Nest', () => {
    const { engines, peerDependencies } = JSON.parse(read('package.json')) as Manifest;
    const matrix = jobs['tests']?.strategy?.matrix ?? {};
    const majors = [...(peerDependencies['@nestjs/core'] ?? '').matchAll(/\^(\d+)/g)];
    expect(matrix['node']?.[0]).toBe(engines.node.replace('>=', ''));
    expect(matrix['nest']).toEqual(majors.map(([, major]) => major));
  });
});

describe('.ci/run', () => {
  it('rejects a step that it does not have', () => {
    expect(() => runStep('lint', 'publish')).toThrow('There is no step "publish".');
  });
});

describe('The issue forms', () => {
  const folder = '.github/ISSUE_TEMPLATE';

  it.each(readdirSync(join(root, folder)))('%s is valid YAML', (name) => {
    expect(parse(read(join(folder, name)))).toBeInstanceOf(Object);
  });
});
