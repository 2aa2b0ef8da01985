import { setImmediate } from 'node:timers/promises';

/** Calls `process.nextTick()` in rounds and collects all garbage after each. The first argument says what to load first. */
const [, , first, rounds] = process.argv;
if (first?.startsWith('the module')) {
  const { ResponsesModule } = await import('nestjs-responses');
  const { NestFactory } = await import('@nestjs/core');
  const workarounds = first === 'the module';
  await NestFactory.createApplicationContext(ResponsesModule.forRoot({ workarounds }), {
    logger: false,
  });
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
