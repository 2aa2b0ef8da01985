/** What a contestant runs on: one of Nest's platforms, or nothing of Nest. */
export type Platform = 'express' | 'fastify' | 'none';

export const NEST_PLATFORMS: readonly Platform[] = ['express', 'fastify'];

/** A contestant. */
export interface Entry {
  readonly name: string;
  /** Its file beside the scenario, without the extension. */
  readonly file: string;
  readonly platform: Platform;
}

/** A ratio that is reported for each platform of Nest. */
export interface Target {
  /** The contestant that is measured. */
  readonly of: string;
  readonly against: string;
  /** The target: server CPU of the one divided by that of the other. */
  readonly atMost?: number;
}

/** One piece of work, done in several ways that give the same answer. */
export interface Scenario {
  readonly title: string;
  /** Files beside the scenario that run on Nest, one process for each platform. */
  readonly onNest: readonly string[];
  /** Files beside the scenario that know nothing of Nest. */
  readonly others: readonly string[];
  /** The `against` of the first one is measured twice, to show how much of a ratio is noise. */
  readonly targets: readonly [Target, ...Target[]];
  /** What a body says, so that contestants whose bytes may differ, as two encodings of an event may, can be compared. */
  readonly read: (body: Buffer) => unknown;
}

/** Starts the server of a contestant on a free port, and gives the port. The default export of its file. */
export type Start = (platform: Platform) => Promise<number>;
