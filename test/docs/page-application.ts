import { Module, type INestApplication, type LoggerService, type Type } from '@nestjs/common';
import { CONTROLLER_WATERMARK, INJECTABLE_WATERMARK } from '@nestjs/common/internal';
import { ResponsesModule } from '../../src/index.js';
import { start, type Platform } from '../support/platforms.js';

/** The exports of a block of TypeScript. */
export type BlockExports = Readonly<Record<string, unknown>>;

/** True if a block can answer requests. */
export function isApplication(exports: BlockExports): boolean {
  return isRunning(exports['app']) || 'AppModule' in exports || controllersOf(exports).length > 0;
}

/**
 * Returns the port of the application of a block: the one that it has started itself as `app`, its `AppModule`, or its
 * controllers in a module with its injectable classes.
 */
export async function portOf(
  exports: BlockExports,
  platform: Platform,
  logger: LoggerService,
): Promise<number> {
  if (isRunning(exports['app'])) {
    return Number(new URL(await exports['app'].getUrl()).port);
  }
  const { port } = await start(platform, {
    responses: false,
    imports: [moduleOf(exports)],
    application: { logger },
  });
  return port;
}

/** Closes the application that a block has started itself, if there is one. */
export async function closeApplication({ app }: BlockExports): Promise<void> {
  if (isRunning(app)) {
    await app.close();
  }
}

function moduleOf(exports: BlockExports): Type {
  if (isClass(exports['AppModule'])) {
    return exports['AppModule'];
  }
  @Module({
    imports: [ResponsesModule.forRoot()],
    controllers: controllersOf(exports),
    providers: classesWith(INJECTABLE_WATERMARK, exports),
  })
  class PageModule {}
  return PageModule;
}

function controllersOf(exports: BlockExports): Type[] {
  return classesWith(CONTROLLER_WATERMARK, exports);
}

function classesWith(watermark: string, exports: BlockExports): Type[] {
  return Object.values(exports)
    .filter(isClass)
    .filter((value) => Reflect.hasMetadata(watermark, value));
}

function isClass(value: unknown): value is Type {
  return typeof value === 'function' && value.prototype !== undefined;
}

function isRunning(value: unknown): value is INestApplication {
  return typeof value === 'object' && value !== null && 'getHttpServer' in value;
}
