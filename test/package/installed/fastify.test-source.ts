import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ResponsesModule } from 'nestjs-responses';
import { ANSWERS } from './answers.js';
import { PuppiesController } from './puppies.controller.js';

describe('The puppies on Fastify, by app.inject()', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [ResponsesModule.forRoot()],
      controllers: [PuppiesController],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.init();
  });
  afterAll(() => app.close());

  it.each(ANSWERS)('answers %s', async (path, contentType, body) => {
    const answer = await app.inject(path);
    expect(answer.headers['content-type']).toBe(contentType);
    expect(answer.body).toBe(body);
  });

  it('answers a range of a file', async () => {
    const answer = await app.inject({ url: '/file', headers: { range: 'bytes=0-0' } });
    expect(answer.statusCode).toBe(206);
    expect(answer.body).toBe('{');
  });
});
