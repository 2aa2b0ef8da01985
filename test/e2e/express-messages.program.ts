import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { ResponsesModule } from 'nestjs-responses';

@Controller()
class SmallController {
  @Get()
  get(): object {
    return { id: 1 };
  }
}

/** Answers 100 requests on Express. */
const app = await NestFactory.create(
  { module: class AppModule {}, imports: [ResponsesModule], controllers: [SmallController] },
  new ExpressAdapter(),
  { logger: false },
);
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address() as AddressInfo;
for (let request = 0; request < 100; request++) {
  await (await fetch(`http://127.0.0.1:${port}/`)).text();
}
await app.close();
