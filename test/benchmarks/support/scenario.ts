/** The platform of a contestant: one of Nest's, or none. */
export type Platform = 'express' | 'fastify' | 'none';

export const NEST_PLATFORMS: readonly Platform[] = ['express', 'fastify'];

/** A contestant. */
export interface Entry {
  readonly name: string;
  /** The name of its file, without the extension. */
  readonly file: string;
  readonly platform: Platform;
}

/** A ratio that is reported for each Nest platform that both run on. */
export interface Target {
  /** The contestant that is measured. */
  readonly of: string;
  readonly against: string;
  /** The target: its server CPU time divided by that of the other. */
  readonly atMost?: number;
}

/** A task, implemented in several ways with the same answer. */
export interface Scenario {
  readonly title: string;
  /** The folder of the contestants, if several scenarios share them. By default, the folder of the scenario. */
  readonly folder?: URL;
  /** The number of items in the answer. Passed to the contestants. */
  readonly count?: number;
  /** Files that run on Nest, with one process per platform. */
  readonly onNest: readonly string[];
  /** Files that run on Nest, but only on Fastify. */
  readonly onFastify?: readonly string[];
  /** Files that do not use Nest. */
  readonly others: readonly string[];
  /** The ratios to report. The `against` of the first one is measured twice, to show the noise of a ratio. */
  readonly targets: readonly [Target, ...Target[]];
  /** Normalizes a body for comparison, because contestants may send different bytes, e.g. for an event. */
  readonly read: (body: Buffer) => unknown;
}

/** Starts the server of a contestant on a free port and returns the port. The default export of its file. */
export type Start = (platform: Platform) => Promise<number>;

/** A `Start` that several scenarios share, each with a number of items. */
export type CountedStart = (platform: Platform, count: number) => Promise<number>;
