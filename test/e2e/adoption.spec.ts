import {
  applyDecorators,
  Controller,
  Get,
  Logger,
  type LoggerService,
  Post,
  StreamableFile,
  type Type,
} from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiProduces,
  ApiProperty,
  ApiPropertyOptional,
  DocumentBuilder,
  SwaggerModule,
} from '@nestjs/swagger';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { of } from 'rxjs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  APIResponse,
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  ResponseValidation,
  StreamingResponse,
  type Validation,
} from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type Platform, type StartOptions } from '../support/platforms.js';

/** Keeps what is logged at the levels that `LogCollector` leaves out as well. */
class VerboseCollector extends LogCollector implements LoggerService {
  override log(...parts: unknown[]): void {
    this.entries.push(`log: ${String(parts[0])}`);
  }

  debug(...parts: unknown[]): void {
    this.entries.push(`debug: ${String(parts[0])}`);
  }

  of(level: string): string[] {
    return this.entries.filter((entry) => entry.startsWith(`${level}: `));
  }
}

class BarePuppy {
  id = 1;
  name = 'Fido';
}

class Puppy {
  @ApiProperty()
  id!: number;

  @ApiPropertyOptional({ type: String })
  name?: unknown;
}

class Kennel {
  @ApiProperty({ type: BarePuppy })
  puppy!: BarePuppy;
}

class Loose {
  @ApiProperty({ type: 'date' } as never)
  born!: string;
}

class Elsewhere {
  @ApiProperty({ oneOf: [{ $ref: '#/components/schemas/Puppy' }] })
  puppy!: object;
}

class LinesResponse extends StreamingResponse<string> {
  encode(line: string): string {
    return `${line}\n`;
  }
}

class Attachment extends StreamableFile {}

const FIDO = { id: 1, name: 'Fido' };
const CURE =
  "BarePuppy declares no properties, so none of its values' properties would be sent. Add @ApiProperty() to them, or compile the class with swagger's CLI plugin, in test runners too.";

function circularMap(): Map<string, unknown> {
  const map = new Map<string, unknown>();
  return map.set('map', map);
}

function controllerOf(decorator: MethodDecorator, value: unknown): Type<unknown> {
  @Controller('puppies')
  class PuppiesController {
    list(): unknown {
      return value;
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(PuppiesController.prototype, 'list')!;
  Get()(PuppiesController.prototype, 'list', descriptor);
  decorator(PuppiesController.prototype, 'list', descriptor);
  return PuppiesController;
}

async function serve(platform: Platform, validation: Validation, options: StartOptions) {
  const logger = new VerboseCollector();
  const application = await start(platform, {
    responses: { validation },
    application: { logger },
    ...options,
  });
  return { ...application, logger };
}

beforeEach(() => {
  // On NestJS 11, an earlier application with `logger: false` has switched off every level of the process.
  Logger.overrideLogger(['log', 'error', 'warn', 'debug', 'verbose', 'fatal']);
});

describe.each(platforms)('An existing application on $name', (platform) => {
  const empty: [string, MethodDecorator, unknown, string][] = [
    ['a class', ApiOkResponse({ type: BarePuppy }), FIDO, JSON.stringify(FIDO)],
    ['a list of it', ApiOkResponse({ type: [BarePuppy] }), [FIDO], JSON.stringify([FIDO])],
    [
      'a property',
      ApiOkResponse({ type: Kennel }),
      { puppy: FIDO },
      '{"puppy":{"id":1,"name":"Fido"}}',
    ],
    [
      'a stream of lines',
      ApiNDJSONResponse({ type: BarePuppy }) as MethodDecorator,
      [FIDO],
      `${JSON.stringify(FIDO)}\n`,
    ],
    [
      'named events',
      ApiServerSentEventResponse({ events: { puppy: BarePuppy } }) as MethodDecorator,
      [],
      '',
    ],
  ];

  it.each(empty)('does not start if a class has no properties: %s', async (_, decorator, value) => {
    const controllers = [controllerOf(decorator, value)];
    const starting = serve(platform, 'error', { controllers });
    await expect(starting).rejects.toThrow('PuppiesController.list() declares a schema for 200');
    await expect(serve(platform, 'error', { controllers })).rejects.toThrow(CURE);
  });

  it.each(empty)("sends it unchanged with 'warn': %s", async (_, decorator, value, body) => {
    const { url, logger } = await serve(platform, 'warn', {
      controllers: [controllerOf(decorator, value)],
    });
    expect(await (await fetch(`${url}/puppies`)).text()).toBe(body);
    expect(logger.of('warn')).toEqual([expect.stringContaining(CURE)]);
    expect(logger.of('warn').join()).toContain('PuppiesController.list()');
  });

  it.each<[Validation, number]>([
    ['error', 500],
    ['warn', 200],
  ])(
    "with '%s' answers an APIResponse of such a class with %d, and logs it",
    async (validation, status) => {
      const { url, logger } = await serve(platform, validation, {
        controllers: [controllerOf(() => {}, new APIResponse(FIDO, { schema: BarePuppy }))],
      });
      const answer = await fetch(`${url}/puppies`);
      expect(answer.status).toBe(status);
      expect(logger.entries.join()).toContain(CURE);
    },
  );

  it('does not start if a property has a type that JSON Schema does not have', async () => {
    const controllers = [controllerOf(ApiOkResponse({ type: Loose }), { born: '2024' })];
    await expect(serve(platform, 'error', { controllers })).rejects.toThrow(
      'PuppiesController.list() declares a schema for 200 that cannot be compiled: The schema of Loose cannot be compiled: ' +
        "Loose.born has the type \"date\", which JSON Schema does not have. Declare { type: 'string', format: 'date' }.",
    );
    const { url, logger } = await serve(platform, 'warn', { controllers });
    expect(await (await fetch(`${url}/puppies`)).json()).toEqual({ born: '2024' });
    expect(await (await fetch(`${url}/puppies`)).json()).toEqual({ born: '2024' });
    expect(logger.of('warn')).toHaveLength(1);
  });

  it('resolves a $ref to a class that another controller declares', async () => {
    @Controller('others')
    class OthersController {
      @Post()
      @ApiExtraModels(Puppy)
      other() {}
    }
    const { url } = await serve(platform, 'error', {
      controllers: [
        controllerOf(ApiOkResponse({ type: Elsewhere }), { puppy: { ...FIDO, chip: 1 } }),
        OthersController,
      ],
    });
    expect(await (await fetch(`${url}/puppies`)).json()).toEqual({ puppy: FIDO });
  });

  it.each<[string, unknown]>([
    ['a list', [1, 'a', null]],
    ['an object', { a: 1 }],
    ['a Promise of a list', Promise.resolve([1])],
  ])('accepts any value for type: Object: %s', async (_, value) => {
    const { url } = await serve(platform, 'error', {
      controllers: [controllerOf(ApiOkResponse({ type: Object }), value)],
    });
    const answer = await fetch(`${url}/puppies`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(await value);
  });

  it.each<[string, Type<unknown>, unknown, string]>([
    ['a response class of its own', LinesResponse, () => new LinesResponse(['a']), 'a\n'],
    ['StreamableFile', StreamableFile, () => new StreamableFile(Buffer.from('a')), 'a'],
    ['a class of files', Attachment, () => new Attachment(Buffer.from('a')), 'a'],
  ])('starts if swagger documents %s as the type of a route', async (_, type, make, body) => {
    const { url } = await serve(platform, 'error', {
      controllers: [controllerOf(ApiOkResponse({ type }), (make as () => unknown)())],
    });
    expect(await (await fetch(`${url}/puppies`)).text()).toBe(body);
  });

  it.each<[string, unknown, unknown, string]>([
    ['[[Class]]', [[Puppy]], [[{ ...FIDO, chip: 1 }], []], `[[${JSON.stringify(FIDO)}],[]]`],
    ['[[[Class]]]', [[[Puppy]]], [[[{ ...FIDO, chip: 1 }]]], `[[[${JSON.stringify(FIDO)}]]]`],
  ])('sends the declared properties of nested lists: %s', async (_, type, value, body) => {
    const { url } = await serve(platform, 'error', {
      controllers: [controllerOf(ApiOkResponse({ type: type as never }), value)],
    });
    expect(await (await fetch(`${url}/puppies`)).text()).toBe(body);
  });

  it.each<[string, unknown]>([
    ['a Readable', Readable],
    ['a Buffer', Buffer],
  ])('maps the source of a stream whose type swagger documents as %s', async (_, type) => {
    const declared = applyDecorators(
      ApiProduces('application/x-ndjson'),
      ApiOkResponse({ type: type as Type<unknown> }),
    ) as MethodDecorator;
    const { url } = await serve(platform, 'error', {
      controllers: [controllerOf(declared, Readable.from([1, 2]))],
    });
    expect(await (await fetch(`${url}/puppies`)).text()).toBe('1\n2\n');
  });

  it('sends the digits of a BigInt that is declared as a string', async () => {
    const { url } = await serve(platform, 'error', {
      controllers: [controllerOf(ApiOkResponse({ type: Puppy }), { id: 1, name: 2n ** 64n })],
    });
    expect(await (await fetch(`${url}/puppies`)).text()).toBe(
      '{"id":1,"name":"18446744073709551616"}',
    );
  });

  it('applies metadata that loadPluginMetadata() adds after it was created', async () => {
    class Plain {
      id = 1;
    }
    @Controller('plain')
    class PlainController {
      @Get()
      list(): unknown {
        return [{ id: 1, chip: 2 }];
      }

      @Get('declared')
      @ApiOkResponse({ type: Plain })
      declared(): unknown {
        return { id: 1, chip: 2 };
      }
    }
    const models = { Plain: { id: { required: true, type: () => Number } } };
    const routes = { PlainController: { list: { type: [Plain] }, declared: { type: Object } } };
    const { url, app } = await serve(platform, 'error', {
      controllers: [PlainController],
      configure: async (created) => {
        await SwaggerModule.loadPluginMetadata(async () => ({
          '@nestjs/swagger': {
            models: [[Promise.resolve({ Plain }), models]],
            controllers: [[Promise.resolve({ PlainController }), routes]],
          },
        }));
        SwaggerModule.createDocument(created, new DocumentBuilder().build());
      },
    });
    expect(await (await fetch(`${url}/plain`)).json()).toEqual([{ id: 1 }]);
    expect(await (await fetch(`${url}/plain/declared`)).json()).toEqual({ id: 1 });
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(paths['/plain']?.get?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { type: 'array' } } },
    });
  });

  it.each<[Validation, string]>([
    [
      'error',
      "Routes with a declared response type: 1. Only declared properties are sent, and content that does not match is a 500 (validation: 'error').",
    ],
    [
      'warn',
      "Routes with a declared response type: 1. Their content is sent as it is, and differences are logged (validation: 'warn').",
    ],
    [
      'off',
      "Routes with a declared response type: 1. Their content is sent as it is (validation: 'off').",
    ],
  ])("logs one line about its routes at start-up, with '%s'", async (validation, line) => {
    const { logger } = await serve(platform, validation, {
      controllers: [controllerOf(ApiOkResponse({ type: Puppy }), FIDO)],
    });
    expect(logger.of('log').filter((entry) => entry.includes('Routes with'))).toEqual([
      `log: ${line}`,
    ]);
  });

  it.each<[Validation, Validation]>([
    ['warn', 'error'],
    ['error', 'warn'],
    ['error', 'off'],
  ])("can use '%s', and '%s' for one of its controllers", async (own, other) => {
    @Controller('whole')
    @ResponseValidation(other)
    class OtherController {
      @Get()
      @ApiOkResponse({ type: Puppy })
      find(): unknown {
        return { ...FIDO, chip: 1 };
      }

      @Get('lines')
      @ApiNDJSONResponse({ type: Puppy })
      lines(): Puppy[] {
        return [{ ...FIDO, chip: 1 } as Puppy];
      }

      @Get('own')
      @ResponseValidation(own)
      @ApiOkResponse({ type: Puppy })
      own(): unknown {
        return { ...FIDO, chip: 1 };
      }
    }
    const { url } = await serve(platform, own, { controllers: [OtherController] });
    const sentBy = (validation: Validation) =>
      validation === 'error' ? FIDO : { ...FIDO, chip: 1 };
    expect(await (await fetch(`${url}/whole`)).json()).toEqual(sentBy(other));
    expect(await (await fetch(`${url}/whole/lines`)).json()).toEqual(sentBy(other));
    expect(await (await fetch(`${url}/whole/own`)).json()).toEqual(sentBy(own));
  });

  it('logs undeclared properties at level debug, once for each route and path', async () => {
    const { url, logger } = await serve(platform, 'error', {
      controllers: [controllerOf(ApiOkResponse({ type: [Puppy] }), [{ ...FIDO, chip: 1 }])],
    });
    await fetch(`${url}/puppies`);
    await fetch(`${url}/puppies`);
    expect(logger.of('debug')).toEqual([
      'debug: GET /puppies: left out $[*].chip, which Puppy[] does not declare.',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a Set', new Set([{ ...FIDO, chip: 1 }]), '$[*].chip'],
    ['a Map in a Set', new Set([new Map([['chip', 1]])]), '$[*].chip'],
    ['a Map that contains itself', [{ ...FIDO, map: circularMap() }], '$[*].map'],
  ])('logs the undeclared properties within %s', async (_, value, path) => {
    class Any {
      @ApiPropertyOptional()
      id?: number;
    }
    const { url, logger } = await serve(platform, 'error', {
      controllers: [controllerOf(ApiOkResponse({ type: [Any] }), value)],
    });
    expect((await fetch(`${url}/puppies`)).status).toBe(200);
    expect(logger.of('debug').join('\n')).toContain(`left out ${path}, which`);
  });

  it('does not log them in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    onTestFinished(() => {
      process.env['NODE_ENV'] = before;
    });
    const { url, logger } = await serve(platform, 'error', {
      controllers: [controllerOf(ApiOkResponse({ type: Puppy }), { ...FIDO, chip: 1 })],
    });
    expect(await (await fetch(`${url}/puppies`)).json()).toEqual(FIDO);
    expect(logger.of('debug')).toEqual([]);
  });

  it("with 'warn' logs a new difference after many answers without one", async () => {
    let value: object = FIDO;
    @Controller('puppies')
    class ChangingController {
      @Get()
      @ApiOkResponse({ type: Puppy })
      find() {
        return value;
      }
    }
    const { url, logger } = await serve(platform, 'warn', { controllers: [ChangingController] });
    for (let index = 0; index < 120; index++) {
      await (await fetch(`${url}/puppies`)).arrayBuffer();
    }
    value = { ...FIDO, chip: 1 };
    for (let index = 0; index < 100; index++) {
      await (await fetch(`${url}/puppies`)).arrayBuffer();
    }
    expect(logger.of('warn')).toEqual([
      'warn: GET /puppies: $.chip is not declared, and would be left out, by Puppy. ResponsesModule',
    ]);
  });
});

describe.each(platforms)('No declared route on $name', (platform) => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom<unknown>(
      new Error('lost'),
      new Map([['a', 1]]),
      new Set([1]),
      Promise.resolve(1),
      new Float32Array([1]),
      new Date(0),
      new WeakMap(),
      /a/,
      new ArrayBuffer(3),
    ),
  );
  const object = fc.dictionary(fc.constantFrom('id', 'name', 'chip', 'inner', 'then'), leaf, {
    minKeys: 1,
  });
  const value = fc.oneof(leaf, object, fc.record({ inner: fc.oneof(leaf, object) }));

  class Optional {
    @ApiPropertyOptional({ type: Number })
    id?: number;

    @ApiPropertyOptional({ type: () => Optional })
    inner?: Optional;
  }
  class Open {
    @ApiPropertyOptional({ type: 'object', additionalProperties: true })
    inner?: object;
  }

  it('sends {} for a value that is not empty without a log line', async () => {
    let answer: unknown;
    @Controller()
    class AnyController {
      @Get('optional')
      @ApiOkResponse({ type: Optional })
      optional() {
        return answer;
      }

      @Get('open')
      @ApiOkResponse({ type: Open })
      open() {
        return answer;
      }

      @Get('schema')
      @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
      schema() {
        return answer;
      }

      @Get('lines')
      @ApiNDJSONResponse({ type: Optional })
      lines(): never {
        return of(answer) as never;
      }
    }
    const { url, logger } = await serve(platform, 'error', { controllers: [AnyController] });
    let empty = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('optional', 'open', 'schema', 'lines'),
        value,
        async (path, given) => {
          answer = given;
          const text = await fetch(`${url}/${path}`)
            .then((response) => response.text())
            .catch(() => '');
          const omissions = logger.of('debug').filter((entry) => entry.includes(`/${path}: `));
          for (const [place, lost] of emptied(given, text)) {
            empty++;
            const kept = lost instanceof Map ? (Object.fromEntries(lost) as object) : lost;
            expect(Object.prototype.toString.call(kept)).toBe('[object Object]');
            for (const name of Object.keys(kept)) {
              expect(omissions.join()).toContain(`left out ${place}.${name}, which`);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(empty).toBeGreaterThan(0);
  });
});

/** The objects that were sent as `{}`, each with its path: the answer itself, or its property `inner`. */
function emptied(given: unknown, text: string): [string, object][] {
  const inner = (given as { inner?: object } | null)?.inner;
  switch (text.trim()) {
    case '{}':
      return [['$', given as object]];
    case '{"inner":{}}':
      return [['$.inner', inner as object]];
    default:
      return [];
  }
}
