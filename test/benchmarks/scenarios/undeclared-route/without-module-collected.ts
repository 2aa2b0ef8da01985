import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Start } from '../../support/scenario.js';
import start from './without-module.js';

/** The same, after a full garbage collection while the server was idle. */
const startCollected: Start = async (platform) => {
  const port = await start(platform);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // A second run collects the objects that finalizers have released.
  for (let i = 0; i < 3; i++) {
    await setTimeout(50);
    collect();
  }
  return port;
};

export default startCollected;
