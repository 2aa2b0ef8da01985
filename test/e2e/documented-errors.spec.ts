import { Controller, Get, NotFoundException } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { describe, expect, it } from 'vitest';
import {
  ApiErrorResponse,
  ApiPlainTextResponse,
  ApiProblemResponse,
  setupOpenAPI,
  type ResponsesModuleOptions,
} from '../../src/index.js';
import { compileProgram, generateWithHeyAPI } from '../support/generated-client.js';
import { platforms, start } from '../support/platforms.js';
import { expectProblem } from '../support/problems.js';

@Controller('puppies')
@ApiErrorResponse({ status: 503 })
class PuppiesController {
  @Get('error')
  @ApiErrorResponse({ status: 404, description: 'No such puppy.' })
  error(): void {
    throw new NotFoundException('No such puppy');
  }

  @Get('problem')
  @ApiPlainTextResponse()
  @ApiProblemResponse({ status: 404, type: '/problems/no-puppy' })
  problem(): string {
    throw new NotFoundException({ type: '/problems/no-puppy', detail: 'No such puppy' });
  }
}

@Controller('kittens')
class KittensController {
  @Get()
  @ApiErrorResponse({ status: 404, example: { own: true } })
  error(): void {}
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };

const responsesOf = (document: OpenAPIObject, path: string) =>
  document.paths[path]?.get?.responses as Record<string, { content: object }>;

/** A program that reads an error of a generated client. */
const program = `
import { createClient, createConfig } from './client/client/index.js';
import { puppiesControllerProblem } from './client/sdk.gen.js';
import type { Problem } from './client/types.gen.js';

export async function call(baseUrl: string): Promise<Problem | undefined> {
  const { error } = await puppiesControllerProblem({ client: createClient(createConfig({ baseUrl })) });
  if (error === undefined) {
    return undefined;
  }
  const title: string | undefined = error.title;
  // @ts-expect-error -- a title is no number
  const wrong: number | undefined = error.title;
  return { ...error, ...(title && { title }), ...(wrong === undefined && { title: 'none' }) };
}
`;

describe.each(platforms)('A documented error on $name', (platform) => {
  const serve = async (responses: ResponsesModuleOptions, controllers: Function[]) => {
    let document: OpenAPIObject | undefined;
    const running = await start(platform, {
      controllers: controllers as [],
      responses,
      configure: (app) => {
        document = setupOpenAPI(app, { path: '/schema/', document: new DocumentBuilder().build() });
      },
    });
    return { ...running, document: document! };
  };

  it.each([
    [{ errors: true as const }, 'application/json', '#/components/schemas/APIError'],
    [{ errors: 'problem' as const }, 'application/problem+json', PROBLEM.$ref],
    [{}, 'application/json', '#/components/schemas/APIError'],
  ])('has the form that is sent with %j', async (responses, mediaType, $ref) => {
    const { app, document } = await serve(responses, [PuppiesController]);
    const plain = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    for (const { 404: own, 503: shared } of [document, plain].map((made) =>
      responsesOf(made, '/puppies/error'),
    )) {
      expect(own).toMatchObject({
        description: 'No such puppy.',
        content: { [mediaType]: { schema: { $ref } } },
      });
      expect(shared).toMatchObject({ content: { [mediaType]: { schema: { $ref } } } });
      expect(Object.keys(own!.content)).toEqual([mediaType]);
    }
  });

  it('keeps its own example in both forms', async () => {
    const { document } = await serve({ errors: 'problem' }, [KittensController]);
    expect(responsesOf(document, '/kittens')[404]!.content).toEqual({
      'application/problem+json': { schema: PROBLEM, example: { own: true } },
    });
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(['Problem']);
  });

  it('is a problem with a type with @ApiProblemResponse()', async () => {
    const { document } = await serve({}, [PuppiesController]);
    const { content } = responsesOf(document, '/puppies/problem')[404]!;
    const example = { type: '/problems/no-puppy', title: 'Not Found', status: 404 };
    expect(content).toEqual({
      'application/problem+json': {
        schema: {
          allOf: [
            PROBLEM,
            { type: 'object', properties: { type: { type: 'string', enum: [example.type] } } },
          ],
        },
        example,
      },
    });
    expectProblem(example);
    expect(document.components?.schemas?.['Problem']).toMatchObject({
      required: ['type', 'status'],
    });
  });

  it('types the error of a client of @hey-api/openapi-ts', async () => {
    const { url, document } = await serve({ errors: 'problem' }, [PuppiesController]);
    const compiled = await compileProgram(await generateWithHeyAPI(document), program);
    expect(compiled.errors).toEqual([]);
    const { call } = (await import(/* @vite-ignore */ compiled.url)) as {
      call: (baseUrl: string) => Promise<unknown>;
    };
    expect(await call(url)).toMatchObject({
      type: '/problems/no-puppy',
      title: 'Not Found',
      status: 404,
      detail: 'No such puppy',
    });
  });
});
