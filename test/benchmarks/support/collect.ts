import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type CollectGarbage = (options: object) => void;

/** Runs full garbage collections. A second one collects the objects that finalizers have released. */
export async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as CollectGarbage;
  for (let i = 0; i < 3; i++) {
    await setTimeout(50);
    // Returns free pages to the system. Otherwise, the resident set depends on the garbage of earlier work.
    collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }
}
