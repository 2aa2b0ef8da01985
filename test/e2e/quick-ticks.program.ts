import { setImmediate } from 'node:timers/promises';

/** Calls `process.nextTick()` in rounds, and collects all garbage after each; what is imported first is an argument. */
const [, , first, rounds] = process.argv;
if (first === 'the module') {
  const { ResponsesModule } = await import('nestjs-responses');
  console.log(ResponsesModule.name);
}
for (let round = 0; round < Number(rounds); round++) {
  for (let tick = 0; tick < 50; tick++) {
    await new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });
  }
  await setImmediate();
  globalThis.gc?.();
}
