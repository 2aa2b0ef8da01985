import type { Contestant } from './contestant.js';

/** Measures of a warm-up. */
export interface WarmUp {
  /** The server CPU time to spend, so that the code is compiled, in milliseconds. */
  readonly time: number;
  /** The server CPU time of a later round, in milliseconds. */
  readonly round: number;
  /** The number of concurrent requests. */
  readonly connections: number;
}

/** Runs until the code is compiled. Returns the number of requests per round, at least one per connection. */
export async function warmUp(
  contestant: Contestant,
  { time, round, connections }: WarmUp,
): Promise<number> {
  let requests = connections;
  for (let spent = 0; spent < time;) {
    const { cpu } = await contestant.run(requests, connections);
    spent += (cpu * requests) / 1000;
    requests = Math.max(connections, Math.round((round * 1000) / cpu));
  }
  return requests;
}
