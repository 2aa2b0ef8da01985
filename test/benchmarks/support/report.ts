import { again, type Result, type Run } from './compare.js';
import { NEST_PLATFORMS, type Platform, type Scenario, type Target } from './scenario.js';
import { quantile } from './statistics.js';

/** Formats the figures of one scenario as Markdown tables. The last ratio of each platform is noise. */
export function report({ title, targets }: Scenario, results: readonly Result[]): string {
  const [{ against }] = targets;
  const rows: readonly Target[] = [...targets, { of: again(against), against }];
  const ratios = NEST_PLATFORMS.flatMap((platform) =>
    rows
      .filter((target) => results.some(ranAs(target.against, platform)))
      .map((target) => ratioRow(target, platform, results)),
  );
  return [
    `## ${title}`,
    table(
      ['contestant', 'platform', 'CPU, µs', 'requests/s', 'peak memory, MiB', 'bytes'],
      results.map(resultRow),
    ),
    table(['of', 'against', 'platform', 'ratio', 'spread', 'to reach'], ratios),
  ].join('\n\n');
}

function resultRow({ name, platform, runs }: Result): string[] {
  return [
    name,
    platform,
    median(runs.map(cpuOf)).toFixed(0),
    median(runs.map(({ rounds }) => median(rounds.map(({ rate }) => rate)))).toFixed(0),
    median(runs.map(({ memory }) => memory / 1024)).toFixed(0),
    String(runs[0]?.bytes),
  ];
}

function ratioRow(
  { of, against, atMost }: Target,
  platform: Platform,
  results: readonly Result[],
): string[] {
  const runsOf = (name: string) => results.find(ranAs(name, platform))?.runs ?? [];
  const others = runsOf(against);
  // Compares processes that ran at the same time.
  const ratios = runsOf(of).map((run, at) => cpuOf(run) / cpuOf(others[at] as Run));
  const spread = `${format(quantile(ratios, 0))} to ${format(quantile(ratios, 1))}`;
  return [of, against, platform, format(median(ratios)), spread, String(atMost ?? '')];
}

function ranAs(name: string, platform: Platform): (result: Result) => boolean {
  return (result) => result.name === name && result.platform === platform;
}

/** Returns the lower quartile, because other load on the machine only ever adds time. */
function cpuOf({ rounds }: Run): number {
  return quantile(
    rounds.map(({ cpu }) => cpu),
    0.25,
  );
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function format(ratio: number): string {
  return ratio.toPrecision(ratio < 0.1 ? 2 : 3);
}

export /** Formats rows as a Markdown table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
