import { describe, expect, it, onTestFinished } from 'vitest';
import { onAbort } from './abort-listeners.js';

describe('onAbort', () => {
  it('calls back everybody who listens to a signal, once', () => {
    const controller = new AbortController();
    const called: number[] = [];
    for (let index = 0; index < 3; index++) {
      onAbort(controller.signal, () => called.push(index));
    }
    controller.abort();
    controller.abort();
    expect(called).toEqual([0, 1, 2]);
  });

  it('does not call back who has stopped listening', () => {
    const controller = new AbortController();
    const called: string[] = [];
    const callback = () => called.push('first');
    const stop = onAbort(controller.signal, callback);
    onAbort(controller.signal, callback);
    onAbort(controller.signal, () => called.push('last'));
    stop();
    controller.abort();
    expect(called).toEqual(['first', 'last']);
  });

  it('does not make Node warn of a leak', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    onTestFinished(() => void process.off('warning', warn));
    const controller = new AbortController();
    for (let index = 0; index < 40; index++) {
      onAbort(controller.signal, () => undefined);
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });
});
