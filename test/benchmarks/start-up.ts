import 'reflect-metadata';
import { Controller, Get, Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiOkResponse, ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ResponsesModule, type Validation } from 'nestjs-responses';

/** Measures how long an application of 500 declared routes takes to start: five routes share a type, or none does. */
const CONTROLLERS = 50;
const ROUTES = 10;
const PROPERTIES = 8;
const ROUNDS = 15;

type Variant = Validation | 'no module';
const VARIANTS: readonly Variant[] = ['no module', 'off', 'warn', 'error'];

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

/**
 * Returns the time from `NestFactory.create()` until the application could listen, including its document, in
 * milliseconds.
 */
async function measure(variant: Variant, routesPerType: number): Promise<number> {
  const module = createModule(variant, routesPerType);
  globalThis.gc?.();
  const start = performance.now();
  const app = await NestFactory.create(module, { logger: false });
  SwaggerModule.createDocument(app, new DocumentBuilder().build());
  await app.init();
  const time = performance.now() - start;
  await app.close();
  return time;
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

for (const routesPerType of [5, 1]) {
  const times = new Map<Variant, number[]>(VARIANTS.map((variant) => [variant, []]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const variant of VARIANTS) {
      const time = await measure(variant, routesPerType);
      if (round >= 0) {
        times.get(variant)?.push(time);
      }
    }
  }
  const base = median(times.get('off') ?? []);
  console.log(`${CONTROLLERS * ROUTES} routes, ${routesPerType} of a type, median of ${ROUNDS}:`);
  for (const [variant, values] of times) {
    const time = median(values);
    const percent = ((time / base - 1) * 100).toFixed(0);
    console.log(`${variant.padEnd(10)} ${time.toFixed(1).padStart(8)} ms ${percent.padStart(6)} %`);
  }
}
