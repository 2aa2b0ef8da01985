import 'reflect-metadata';
import { Controller, Get, Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiOkResponse, ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ResponsesModule, type Validation } from 'nestjs-responses';

/**
 * Starts an application of 500 declared routes once, in a process of its own, and prints how long that took. The
 * arguments are the variant and the number of routes that share a type.
 */
const CONTROLLERS = 50;
const ROUTES = 10;
const PROPERTIES = 8;

type Variant = Validation | 'no module';

/** A separate DTO class for each route. Most applications have about as many classes as routes. */
function createDTO(name: string): Type {
  const { [name]: DTO } = { [name]: class {} };
  for (let index = 0; index < PROPERTIES; index++) {
    const options = { type: index % 2 === 0 ? String : Number };
    ApiProperty(options)(DTO?.prototype as object, `property${index}`);
  }
  return DTO as Type;
}

function createController(index: number, routesPerType: number): Type {
  class RoutesController {}
  const prototype = RoutesController.prototype as Record<string, unknown>;
  let type = createDTO('unused');
  for (let route = 0; route < ROUTES; route++) {
    type = route % routesPerType === 0 ? createDTO(`DTO${index}x${route}`) : type;
    const name = `route${route}`;
    prototype[name] = () => ({});
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    Get(name)(prototype, name, descriptor);
    ApiOkResponse({ type: route % 2 === 0 ? type : [type] })(prototype, name, descriptor);
  }
  Controller(`controller${index}`)(RoutesController);
  return RoutesController;
}

function createModule(variant: Variant, routesPerType: number): DynamicModule {
  class AppModule {}
  Module({})(AppModule);
  return {
    module: AppModule,
    controllers: Array.from({ length: CONTROLLERS }, (_, index) =>
      createController(index, routesPerType),
    ),
    imports: variant === 'no module' ? [] : [ResponsesModule.forRoot({ validation: variant })],
  };
}

const [variant, routesPerType] = process.argv.slice(2) as [Variant, string];
const module = createModule(variant, Number(routesPerType));
const created = performance.now();
const app = await NestFactory.create(module, { logger: false });
SwaggerModule.createDocument(app, new DocumentBuilder().build());
await app.init();
const ready = performance.now();
await app.close();
// Milliseconds since the process has started, and since `NestFactory.create()`.
process.stdout.write(JSON.stringify({ process: ready, create: ready - created }));
