/** Uses the ES module with responses, events and declarations of the CommonJS copy. Prints the answers. */
import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createRequire } from 'node:module';
import { of } from 'rxjs';
import { ResponsesModule, JSONResponse as ModuleResponse } from 'nestjs-responses';

const copy = createRequire(import.meta.url)(
  '../node_modules/nestjs-responses/dist/cjs/src/index.js',
);

class CopyController {
  json() {
    return new copy.JSONResponse({ isOther: copy.JSONResponse !== ModuleResponse });
  }

  events() {
    return of(new copy.ServerSentEvent({ id: 1, data: 'one' }), { two: 2 });
  }
}
Controller()(CopyController);
for (const [name, ...decorators] of [
  ['json'],
  ['events', copy.ApiServerSentEventResponse({ schema: {} })],
]) {
  const descriptor = Object.getOwnPropertyDescriptor(CopyController.prototype, name);
  for (const decorate of [Get(name), ...decorators]) {
    decorate(CopyController.prototype, name, descriptor);
  }
}

const app = await NestFactory.create(
  { module: class AppModule {}, imports: [ResponsesModule], controllers: [CopyController] },
  { logger: false },
);
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
const answers = [];
for (const path of ['json', 'events']) {
  answers.push(await (await fetch(`${url}/${path}`)).text());
}
await app.close();
console.log(JSON.stringify(answers));
