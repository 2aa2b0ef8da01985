import 'reflect-metadata';
import { Controller, Get, HttpCode, Post, type Type } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiDefaultResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiResponse,
} from '@nestjs/swagger';
import { describe, expect, it } from 'vitest';
import { ApiNDJSONResponse } from '../decorators/api-ndjson-response.decorator.js';
import { ApiServerSentEventResponse } from '../decorators/api-server-sent-event-response.decorator.js';
import { Representations } from '../responses/representations.js';
import { readContract } from './route-contract.js';

class Tick {
  @ApiProperty()
  at!: number;
}

const EVENTS = 'text/event-stream';
const LINES = 'application/x-ndjson';

function contractOf(controller: Type<{ handle(): unknown }>) {
  return readContract(controller, 'handle', controller.prototype.handle, new Representations());
}

/** A controller of one route, `handle()`, which returns nothing that matters. */
function route(...decorators: (MethodDecorator | ClassDecorator)[]): Type<{ handle(): unknown }> {
  class RouteController {
    handle(): never[] {
      return [];
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(RouteController.prototype, 'handle')!;
  // As the compiler applies them: from the bottom up.
  for (const decorator of decorators.toReversed()) {
    (decorator as MethodDecorator)(RouteController.prototype, 'handle', descriptor);
  }
  return RouteController;
}

/** The route under decorators of its class. */
function under(controller: Type<{ handle(): unknown }>, ...decorators: ClassDecorator[]) {
  for (const decorator of decorators.toReversed()) {
    decorator(controller);
  }
  return controller;
}

describe('readContract', () => {
  describe('status', () => {
    it.each<[string, MethodDecorator[], number]>([
      ['200 of GET', [Get()], 200],
      ['201 of POST', [Post()], 201],
      ['that of @HttpCode() on GET', [Get(), HttpCode(202)], 202],
      ['that of @HttpCode() on POST', [Post(), HttpCode(200)], 200],
    ])('is %s', (_, decorators, status) => {
      expect(contractOf(route(...decorators)).status).toBe(status);
    });
  });

  describe('media types', () => {
    it.each<[declared: string, controller: () => Type<{ handle(): unknown }>, types: string[]]>([
      ['nothing', () => route(Get()), []],
      [
        '@ApiProduces() and a type',
        () => route(ApiProduces(EVENTS), ApiOkResponse({ type: Tick })),
        [EVENTS],
      ],
      [
        '@ApiProduces() and a bare response',
        () => route(ApiProduces(EVENTS), ApiOkResponse()),
        [EVENTS],
      ],
      ['@ApiProduces() alone', () => route(ApiProduces(EVENTS)), [EVENTS]],
      [
        '@ApiProduces() and a response of an error',
        () => route(ApiProduces(EVENTS), ApiNotFoundResponse()),
        [EVENTS],
      ],
      ['several', () => route(ApiProduces(LINES, EVENTS), ApiOkResponse()), [LINES, EVENTS]],
      [
        'one that is mapped among others',
        () => route(ApiProduces('application/json', EVENTS)),
        ['application/json', EVENTS],
      ],
      ['none that is mapped', () => route(ApiProduces('application/json', 'image/png')), []],
      [
        'a type alone, which is JSON',
        () => route(ApiOkResponse({ type: Tick })),
        ['application/json'],
      ],
      [
        'content by hand',
        () => route(ApiOkResponse({ content: { [EVENTS]: {}, [LINES]: {} } })),
        [EVENTS, LINES],
      ],
      [
        'content by hand, which wins over @ApiProduces()',
        () => route(ApiProduces('text/html'), ApiOkResponse({ content: { [LINES]: {} } })),
        [LINES],
      ],
      ['`default`', () => route(ApiProduces(EVENTS), ApiDefaultResponse({ type: Tick })), [EVENTS]],
      ['`2XX`', () => route(ApiResponse({ status: '2XX', content: { [LINES]: {} } })), [LINES]],
      [
        'the status itself, which wins over `2XX` and `default`',
        () =>
          route(
            ApiResponse({ status: '2XX', content: { [LINES]: {} } }),
            ApiDefaultResponse({ content: { 'text/plain': {} } }),
            ApiOkResponse({ content: { [EVENTS]: {} } }),
          ),
        [EVENTS],
      ],
      [
        'on the class',
        () => under(route(Get()), ApiProduces(EVENTS), ApiOkResponse({ type: Tick })),
        [EVENTS],
      ],
      [
        'on the class and the method',
        () => under(route(ApiOkResponse({ type: Tick })), ApiProduces(EVENTS)),
        [EVENTS],
      ],
      [
        'on the method, which wins over the class',
        () =>
          under(
            route(ApiOkResponse({ content: { [EVENTS]: {} } })),
            ApiOkResponse({ content: { [LINES]: {} } }),
          ),
        [EVENTS],
      ],
      [
        '@ApiNDJSONResponse()',
        () => route(ApiNDJSONResponse({ type: Tick }) as MethodDecorator),
        [LINES],
      ],
      [
        'ours, which no @ApiProduces() adds to',
        () => under(route(ApiNDJSONResponse() as MethodDecorator), ApiProduces('text/html')),
        [LINES],
      ],
      [
        'both of ours, in the order of reading',
        () =>
          route(
            ApiServerSentEventResponse() as MethodDecorator,
            ApiNDJSONResponse() as MethodDecorator,
          ),
        [EVENTS, LINES],
      ],
      [
        'both of ours, the other way round',
        () =>
          route(
            ApiNDJSONResponse() as MethodDecorator,
            ApiServerSentEventResponse() as MethodDecorator,
          ),
        [LINES, EVENTS],
      ],
    ])('of %s', (_, controller, types) => {
      expect(contractOf(controller()).mediaTypes).toEqual(types);
      expect(contractOf(controller()).missed).toBeUndefined();
    });

    it('are those of the requested status', () => {
      const contract = contractOf(
        route(
          ApiResponse({ status: 200, content: { [EVENTS]: {} } }),
          ApiResponse({ status: '2XX', content: { [LINES]: {} } }),
          ApiResponse({ status: 404, content: { 'text/html': {} } }),
        ),
      );
      expect([200, 202, 404, 500].map((status) => [...contract.contentsOf(status).keys()])).toEqual(
        [
          [EVENTS],
          [LINES],
          // Errors are documented, not mapped.
          [],
          [],
        ],
      );
    });
  });

  describe('from our decorators', () => {
    it.each<[string, MethodDecorator[], number]>([
      ['GET', [Get()], 200],
      ['POST', [Post()], 201],
      ['@HttpCode()', [Post(), HttpCode(202)], 202],
    ])('without `status` means the own status of %s', (_, decorators, status) => {
      const contract = contractOf(route(ApiNDJSONResponse() as MethodDecorator, ...decorators));
      expect(contract).toMatchObject({ status, mediaTypes: [LINES], isOurs: true });
      expect([...contract.contentsOf(status).keys()]).toEqual([LINES]);
    });

    it("is false for swagger's own declarations", () => {
      expect(contractOf(route(ApiProduces(EVENTS))).isOurs).toBe(false);
    });
  });

  describe('misses', () => {
    it.each<[string, MethodDecorator[], object | undefined]>([
      [
        "swagger's 200 on POST",
        [Post(), ApiProduces(EVENTS), ApiOkResponse({ type: Tick })],
        { status: '200', isOurs: false },
      ],
      [
        "swagger's 201 on GET",
        [Get(), ApiProduces(EVENTS), ApiCreatedResponse()],
        { status: '201', isOurs: false },
      ],
      [
        'our 200 on POST',
        [Post(), ApiNDJSONResponse({ status: 200 }) as MethodDecorator],
        { status: '200', isOurs: true },
      ],
      ['JSON of a type', [Post(), ApiOkResponse({ type: Tick })], { status: '200', isOurs: false }],
      ['no JSON without a type', [Post(), ApiOkResponse()], undefined],
      ['no error', [Get(), ApiNotFoundResponse({ content: { 'text/html': {} } })], undefined],
      [
        'nothing if the own status is declared too',
        [
          Get(),
          ApiOkResponse({ content: { 'application/pdf': {} } }),
          ApiResponse({ status: 202, content: { 'text/plain': {} } }),
        ],
        undefined,
      ],
    ])('%s', (_, decorators, missed) => {
      const contract = contractOf(route(...decorators));
      expect(contract.missed).toEqual(missed);
      expect(contract.mediaTypes).toEqual([]);
    });
  });

  it('names the controller and the method', () => {
    @Controller()
    class TicksController {
      handle(): void {}
    }
    expect(contractOf(TicksController).name).toBe('TicksController.handle()');
  });
});
