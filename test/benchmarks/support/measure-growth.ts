import type { Contestant } from './contestant.js';
import type { Cost } from './growth.js';
import { openStreams } from './open-streams.js';
import { quantile } from './statistics.js';
import { warmUp } from './warm-up.js';

const MIB = 1024 * 1024;
/** The server CPU time before the first measured round, in milliseconds. */
const WARM_UP = 1000;
/** The server CPU time of a round, in milliseconds. */
const ROUND = 50;
const ROUNDS = 15;
/** The server CPU time after which no further round starts, for long answers, in milliseconds. */
const LIMIT = 1500;
/** The number of streams that are opened and closed before the first measured one. */
const FIRST_STREAMS = 50;

/** Measures answers one after the other: the CPU time of one in microseconds, and the peak of the resident set. */
export async function measureAnswers(contestant: Contestant): Promise<Cost> {
  const cpu = await measureCPU(contestant);
  const { memory } = await contestant.usage();
  return { cpu, memory: memory / 1024 };
}

/** Measures the same CPU time, and the heap of the idle server after a collection. */
export async function measureIdleHeap(contestant: Contestant): Promise<Cost> {
  const cpu = await measureCPU(contestant);
  const { heap } = await contestant.collectedUsage();
  return { cpu, memory: heap / MIB };
}

/**
 * Measures open streams without events: the CPU time of opening all of them in milliseconds, and the memory that they
 * hold after a collection.
 */
export async function measureOpenStreams(contestant: Contestant, count: number): Promise<Cost> {
  close(await openStreams(contestant.port, FIRST_STREAMS));
  const before = await contestant.collectedUsage();
  const streams = await openStreams(contestant.port, count);
  const { cpu } = await contestant.usage();
  const after = await contestant.collectedUsage();
  close(streams);
  return {
    cpu: (cpu - before.cpu) / 1000,
    memory: (after.heap - before.heap) / MIB,
    resident: (after.resident - before.resident) / MIB,
  };
}

/** Returns the lower quartile, because other load on the machine only ever adds time. */
async function measureCPU(contestant: Contestant): Promise<number> {
  const connections = 1;
  const requests = await warmUp(contestant, { time: WARM_UP, round: ROUND, connections });
  const times: number[] = [];
  for (let spent = 0; times.length < ROUNDS && spent < LIMIT;) {
    const { cpu } = await contestant.run(requests, connections);
    times.push(cpu);
    spent += (cpu * requests) / 1000;
  }
  return quantile(times, 0.25);
}

function close(streams: Awaited<ReturnType<typeof openStreams>>): void {
  streams.forEach((stream) => stream.destroy());
}
