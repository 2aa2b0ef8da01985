import type { Contestant } from './contestant.js';
import type { Entry } from './scenario.js';

/** The cost of an answer of one size. */
export interface Cost {
  /** In the unit of the panel. */
  readonly cpu: number;
  /** In MiB. */
  readonly memory: number;
  /** The resident set that the streams take, in MiB. For open streams only. */
  readonly resident?: number;
}

/** A contestant. */
export interface GrowthEntry extends Entry {
  /** The largest size that it can answer with. */
  readonly largest?: number;
}

/** A quantity that grows, and the contestants whose cost is measured for each size. */
export interface Growth {
  readonly title: string;
  /** The quantity, e.g. "items of the stream". */
  readonly x: string;
  /** The quantity and its unit, e.g. "CPU time per response, µs". */
  readonly cpu: string;
  /** The same for the memory. */
  readonly memory: string;
  readonly sizes: readonly number[];
  readonly entries: readonly GrowthEntry[];
  /** True if a size is a number of connections. */
  readonly opensStreams?: boolean;
  /** The contestant whose memory, at the size 0, is subtracted. Costs below a hundredth of a MiB are noise then. */
  readonly base?: Entry;
  /** Measures a fresh process that answers with this size. */
  readonly measure: (contestant: Contestant, size: number) => Promise<Cost>;
}
