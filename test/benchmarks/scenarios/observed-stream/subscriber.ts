import { subscribe } from 'node:diagnostics_channel';
import type { ClosedStreamReport } from 'nestjs-responses';

const items = new Map<string, number>();

subscribe('nestjs-responses:stream:close', (message) => {
  const { route, reason, items: count } = message as ClosedStreamReport;
  const key = `${route} ${reason}`;
  items.set(key, (items.get(key) ?? 0) + count);
});

export { default } from '../events-from-observable/nestjs-responses.js';
