import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { CONNECTIONS, Contestant, type Round } from './contestant.js';
import { NEST_PLATFORMS, type Entry, type Scenario } from './scenario.js';

/** How much is measured, and on which Node. */
export interface Effort {
  /** The path of the binary that runs the servers. */
  readonly node: string;
  /** How often each contestant gets a fresh process, as what a process did at its start stays with it. */
  readonly processes: number;
  /** Rounds of each process. */
  readonly rounds: number;
}

/** What was measured of one process. */
export interface Run {
  /** Those of the same number of all contestants were run one after the other. */
  readonly rounds: readonly Round[];
  /** The peak resident set, in KiB. */
  readonly memory: number;
  /** The length of the body of one answer. */
  readonly bytes: number;
}

/** All that was measured of one contestant, a run for each process. */
export interface Result extends Entry {
  readonly runs: readonly Run[];
}

/** The label of a contestant that is measured a second time: its ratio to itself is noise. */
export const again = (name: string): string => `${name}, again`;

/** Server CPU before the first round that counts, until the code is compiled, in milliseconds. */
const WARM_UP = 2500;
/** Server CPU of a round, in milliseconds: short, so that what else the machine does falls on all alike. */
const ROUND = 50;

/** Measures the contestants of a scenario by turns. Throws where their answers differ. */
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

function entriesOf({ onNest, others, targets: [{ against }] }: Scenario): Entry[] {
  return [
    ...NEST_PLATFORMS.flatMap((platform) => [
      ...onNest.map((file): Entry => ({ name: file, file, platform })),
      { name: again(against), file: against, platform },
    ]),
    ...others.map((file): Entry => ({ name: file, file, platform: 'none' })),
  ];
}

/** A fresh process of each contestant, and what was measured of it. */
async function runOnce(
  folder: URL,
  scenario: Scenario,
  node: string,
  rounds: number,
): Promise<Run[]> {
  const contestants: Contestant[] = [];
  try {
    for (const { file, platform } of entriesOf(scenario)) {
      const path = fileURLToPath(new URL(`${file}.js`, folder));
      contestants.push(await Contestant.start(path, platform, node));
    }
    const bodies = await Promise.all(contestants.map((contestant) => contestant.fetch()));
    checkAnswers(scenario, bodies);
    const requests: number[] = [];
    for (const contestant of contestants) {
      requests.push(await warmUp(contestant));
    }
    const measured = contestants.map((): Round[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const offset of contestants.keys()) {
        // Another one begins each round, as what one leaves to the machine falls on the next.
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

/** Runs until the code is compiled, and finds how many requests make a round. */
async function warmUp(contestant: Contestant): Promise<number> {
  let requests = CONNECTIONS;
  for (let spent = 0; spent < WARM_UP;) {
    const { cpu } = await contestant.run(requests);
    spent += (cpu * requests) / 1000;
    requests = Math.max(CONNECTIONS, Math.round((ROUND * 1000) / cpu));
  }
  return requests;
}
