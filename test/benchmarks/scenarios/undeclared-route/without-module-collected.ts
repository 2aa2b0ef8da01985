import { collect } from '../../support/collect.js';
import type { Start } from '../../support/scenario.js';
import start from './without-module.js';

/** The same, after a full garbage collection while the server was idle. */
const startCollected: Start = async (platform) => {
  const port = await start(platform);
  await collect();
  return port;
};

export default startCollected;
