import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { CONNECTIONS, Contestant, type Round } from './contestant.js';
import { NEST_PLATFORMS, type Entry, type Scenario } from './scenario.js';
import { warmUp } from './warm-up.js';

/** The amount of measurements, and the Node version. */
export interface Effort {
  /** The path of the binary that runs the servers. */
  readonly node: string;
  /** The number of fresh processes per contestant, because the effects of a start stay with its process. */
  readonly processes: number;
  /** The number of rounds per process. */
  readonly rounds: number;
}

/** The measurements of one process. */
export interface Run {
  /** Rounds with the same number ran one after the other for all contestants. */
  readonly rounds: readonly Round[];
  /** The peak resident set, in KiB. */
  readonly memory: number;
  /** The length of the body of one answer. */
  readonly bytes: number;
}

/** All measurements of one contestant, one run per process. */
export interface Result extends Entry {
  readonly runs: readonly Run[];
}

/** The label of a contestant that is measured a second time: its ratio to itself is noise. */
export const again = (name: string): string => `${name}, again`;

/** The server CPU time before the first measured round, so that the code is compiled, in milliseconds. */
const WARM_UP = 2500;
/**
 * The server CPU time of a round, in milliseconds. Short, so that other load on the machine affects all contestants
 * alike.
 */
const ROUND = 50;

/** Measures the contestants of a scenario in turn. Throws if their answers differ. */
export async function compare(
  folder: URL,
  scenario: Scenario,
  { node, processes, rounds }: Effort,
): Promise<Result[]> {
  const results = entriesOf(scenario).map((entry) => ({ ...entry, runs: [] as Run[] }));
  for (let i = 0; i < processes; i++) {
    const runs = await runOnce(folder, scenario, node, rounds);
    results.forEach((result, at) => result.runs.push(runs[at] as Run));
  }
  return results;
}

function entriesOf({ onNest, onFastify = [], others, targets: [{ against }] }: Scenario): Entry[] {
  return [
    ...NEST_PLATFORMS.flatMap((platform) => [
      ...[...onNest, ...(platform === 'fastify' ? onFastify : [])].map((file): Entry => ({
        name: file,
        file,
        platform,
      })),
      { name: again(against), file: against, platform },
    ]),
    ...others.map((file): Entry => ({ name: file, file, platform: 'none' })),
  ];
}

/** Measures a fresh process of each contestant. */
async function runOnce(
  folder: URL,
  scenario: Scenario,
  node: string,
  rounds: number,
): Promise<Run[]> {
  const contestants: Contestant[] = [];
  try {
    for (const { file, platform } of entriesOf(scenario)) {
      const path = fileURLToPath(new URL(`${file}.js`, scenario.folder ?? folder));
      contestants.push(await Contestant.start(path, platform, node, scenario.count));
    }
    const bodies = await Promise.all(contestants.map((contestant) => contestant.fetch()));
    checkAnswers(scenario, bodies);
    const requests: number[] = [];
    for (const contestant of contestants) {
      requests.push(
        await warmUp(contestant, { time: WARM_UP, round: ROUND, connections: CONNECTIONS }),
      );
    }
    const measured = contestants.map((): Round[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const offset of contestants.keys()) {
        // A different contestant starts each round, because it leaves load for the next one.
        const at = (round + offset) % contestants.length;
        measured[at]?.push(await (contestants[at] as Contestant).run(requests[at] as number));
      }
    }
    return await Promise.all(
      contestants.map(async (contestant, at) => ({
        rounds: measured[at] as Round[],
        memory: (await contestant.usage()).memory,
        bytes: bodies[at]?.length ?? 0,
      })),
    );
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.stop()));
  }
}

function checkAnswers(scenario: Scenario, bodies: readonly Buffer[]): void {
  const [expected, ...others] = bodies.map((body) => scenario.read(body));
  const [, ...entries] = entriesOf(scenario);
  for (const [at, answer] of others.entries()) {
    if (!isDeepStrictEqual(answer, expected)) {
      const { name, platform } = entries[at] as Entry;
      throw new Error(`${scenario.title}: ${name} (${platform}) gives another answer.`);
    }
  }
}
