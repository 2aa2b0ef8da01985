import { Controller, Get, Post } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiProperty,
  DocumentBuilder,
  getSchemaPath,
  SwaggerModule,
} from '@nestjs/swagger';
import {
  cleanupOpenApiDoc,
  createZodDto,
  ZodResponse,
  ZodSerializerDto,
  ZodSerializerInterceptor,
} from 'nestjs-zod';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { APIResponse, ApiNDJSONResponse, ApiServerSentEventResponse } from '../../src/index.js';
import { LogCollector } from '../support/log-collector.js';
import { platforms, start, type StartOptions } from '../support/platforms.js';

const Owner = z.object({ name: z.string() }).meta({ id: 'Owner' });
const Puppy = z
  .object({
    id: z.int(),
    owner: Owner,
    born: z.iso.datetime().optional(),
    tags: z.array(z.string()).default([]),
  })
  .meta({ id: 'Puppy' });
type Node = { name: string; children: Node[] };
const Node: z.ZodType<Node> = z.lazy(() => z.object({ name: z.string(), children: z.array(Node) }));
const ISODate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

class PuppyDto extends createZodDto(Puppy) {}
class KennelDto extends createZodDto(z.object({ owner: Owner })) {}
class OwnerDto extends createZodDto(Owner) {}
class NodeDto extends createZodDto(z.object({ root: Node })) {}
class ShoutDto extends createZodDto(
  z.object({
    text: z
      .string()
      .transform((text) => `${text}!`)
      .pipe(z.string()),
  }),
) {}
class CodecDto extends createZodDto(z.object({ at: ISODate }), { codec: true }) {}
class BornDto extends createZodDto(
  z.object({ at: z.date(), text: z.string().transform((t) => `${t}!`) }),
) {}
class ListDto extends createZodDto(z.array(Owner)) {}

class Envelope {
  @ApiProperty({ type: PuppyDto })
  data!: PuppyDto;

  @ApiProperty({ type: [OwnerDto] })
  owners!: OwnerDto[];
}

const AT = '2024-02-03T04:05:06.789Z';
const ROW = {
  id: 1,
  owner: { name: 'Ann', password: 'x' },
  born: AT,
  password: 'secret',
};
const PUPPY = { id: 1, owner: { name: 'Ann' }, born: AT, tags: [] };
const OWNER = { name: 'Ann' };

@Controller()
class ZodController {
  @Get('class')
  @ApiOkResponse({ type: PuppyDto })
  class() {
    return ROW;
  }

  @Get('list')
  @ApiOkResponse({ type: [PuppyDto] })
  list() {
    return [ROW];
  }

  @Get('output')
  @ApiOkResponse({ type: PuppyDto.Output })
  output() {
    return ROW;
  }

  @Get('nullable')
  @ApiOkResponse({ type: PuppyDto, nullable: true })
  nullable() {
    return null;
  }

  @Get('array')
  @ApiOkResponse({ type: ListDto })
  array() {
    return [ROW.owner];
  }

  @Get('recursive')
  @ApiOkResponse({ type: NodeDto })
  recursive() {
    return { root: { name: 'a', children: [{ name: 'b', children: [], x: 1 }] } };
  }

  @Get('transform')
  @ApiOkResponse({ type: ShoutDto })
  transform() {
    return { text: 'hey' };
  }

  @Get('codec')
  @ApiOkResponse({ type: CodecDto })
  codec() {
    return { at: new Date(AT) };
  }

  @Get('nested')
  @ApiOkResponse({ type: Envelope })
  nested() {
    return { data: ROW, owners: [ROW.owner] };
  }

  @Get('reference')
  @ApiExtraModels(PuppyDto)
  @ApiOkResponse({ schema: { properties: { data: { $ref: getSchemaPath(PuppyDto) } } } })
  reference() {
    return { data: ROW };
  }

  @Get('explicit')
  explicit() {
    return new APIResponse(ROW, { schema: PuppyDto });
  }

  @Get('lines')
  @ApiNDJSONResponse({ type: PuppyDto })
  lines() {
    return of({ ...ROW, tags: [] });
  }

  @Get('events')
  @ApiServerSentEventResponse({ type: PuppyDto })
  events() {
    return of({ ...ROW, tags: [] });
  }

  @Get('wrong')
  @ApiOkResponse({ type: PuppyDto })
  wrong(): unknown {
    return { ...ROW, id: 'secret' };
  }
}

@Controller('parsed')
class ParsedController {
  @Get('response')
  @ZodResponse({ type: PuppyDto })
  response() {
    return ROW;
  }

  @Post('created')
  @ZodResponse({ status: 201, type: [PuppyDto] })
  created() {
    return [ROW];
  }

  @Get('transform')
  @ZodResponse({ type: ShoutDto })
  transform() {
    return { text: 'hey' };
  }

  @Get('codec')
  @ZodResponse({ type: CodecDto })
  codec() {
    return { at: new Date(AT) };
  }

  @Post('serializer')
  @ZodSerializerDto(PuppyDto)
  @ApiCreatedResponse({ type: PuppyDto.Output })
  serializer() {
    return ROW;
  }
}

/** Swagger cannot describe the types of these routes, but a document is not needed to answer them. */
@Controller('undescribed')
@ApiExtraModels(BornDto, OwnerDto)
class UndescribedController {
  @Get('parsed')
  @ZodResponse({ type: BornDto })
  parsed() {
    return { at: new Date(AT), text: 'hey', password: 'secret' };
  }

  @Get('list')
  @ZodSerializerDto([BornDto])
  @ApiOkResponse({ type: [BornDto] })
  list() {
    return [{ at: new Date(AT), text: 'hey', password: 'secret' }];
  }

  @Get('reference')
  @ApiOkResponse({ schema: { $ref: getSchemaPath(OwnerDto) } })
  reference() {
    return ROW.owner;
  }
}

@Controller('kennels')
class KennelController {
  @Get()
  @ApiOkResponse({ type: KennelDto })
  find() {
    return ROW;
  }
}

describe.each(platforms)('A class of nestjs-zod on $name', (platform) => {
  const serve = (options: StartOptions = {}) =>
    start(platform, {
      controllers: [ZodController, ParsedController],
      providers: [{ provide: APP_INTERCEPTOR, useClass: ZodSerializerInterceptor }],
      ...options,
    });

  it.each<[string, string, unknown]>([
    ['GET', 'class', PUPPY],
    ['GET', 'list', [PUPPY]],
    ['GET', 'output', PUPPY],
    ['GET', 'nullable', null],
    ['GET', 'array', [OWNER]],
    ['GET', 'recursive', { root: { name: 'a', children: [{ name: 'b', children: [] }] } }],
    ['GET', 'transform', { text: 'hey!' }],
    ['GET', 'codec', { at: AT }],
    ['GET', 'nested', { data: PUPPY, owners: [OWNER] }],
    ['GET', 'reference', { data: PUPPY }],
    ['GET', 'explicit', PUPPY],
    ['GET', 'lines', PUPPY],
    ['GET', 'parsed/response', PUPPY],
    ['POST', 'parsed/created', [PUPPY]],
    ['GET', 'parsed/transform', { text: 'hey!' }],
    ['GET', 'parsed/codec', { at: AT }],
    ['POST', 'parsed/serializer', PUPPY],
  ])('determines the response: %s /%s', async (method, path, sent) => {
    const { url } = await serve();
    const answer = await fetch(`${url}/${path}`, { method });
    expect(await answer.json()).toEqual(sent);
    expect(answer.status).toBe(method === 'POST' ? 201 : 200);
  });

  it.each<[string, unknown]>([
    ['parsed', { at: AT, text: 'hey!' }],
    ['list', [{ at: AT, text: 'hey!' }]],
    ['reference', OWNER],
  ])('with types that swagger cannot describe is sent: /undescribed/%s', async (path, sent) => {
    const { url } = await serve({ controllers: [UndescribedController] });
    const answer = await fetch(`${url}/undescribed/${path}`);
    expect(await answer.json()).toEqual(sent);
  });

  it('declares the data of events', async () => {
    const { url } = await serve();
    const text = await (await fetch(`${url}/events`)).text();
    expect(text).toBe(`data: ${JSON.stringify(PUPPY)}\n\n`);
  });

  it('rejects values that do not match, and names the class in the log', async () => {
    const logger = new LogCollector();
    const { url } = await serve({ application: { logger } });
    expect((await fetch(`${url}/wrong`)).status).toBe(500);
    expect(logger.entries.join()).toContain('the content does not conform to PuppyDto.');
    expect(logger.entries.join()).toContain('$.id ');
    expect(logger.entries.join()).not.toContain('secret');
  });

  it('is documented as nestjs-zod documents it', async () => {
    const documentOf = async (options: StartOptions) => {
      const { app } = await serve(options);
      return SwaggerModule.createDocument(app, new DocumentBuilder().build());
    };
    const controllers = [ParsedController, KennelController];
    const { components, paths } = await documentOf({ controllers });
    const without = await documentOf({ controllers, responses: false });
    expect(components).toEqual(without.components);
    expect(paths).toEqual(without.paths);

    const cleaned = cleanupOpenApiDoc(await documentOf({ controllers: [KennelController] }));
    expect(Object.keys(cleaned.components?.schemas ?? {})).toEqual(['Owner', 'KennelDto']);
  });
});
