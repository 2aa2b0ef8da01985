import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ResponsesModule } from 'nestjs-responses';
import { collectEvents } from 'nestjs-responses/testing';
import { ANSWERS } from './answers.js';
import { PuppiesController } from './puppies.controller.js';

describe('The puppies on Express', () => {
  let app: INestApplication;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [ResponsesModule.forRoot()],
      controllers: [PuppiesController],
    }).compile();
    app = module.createNestApplication();
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  it.each(ANSWERS)('answers %s', async (path, contentType, body) => {
    const answer = await fetch(`${await app.getUrl()}${path}`);
    expect(answer.headers.get('content-type')).toBe(contentType);
    expect(await answer.text()).toBe(body);
  });

  it('sends events that the testing entry reads', async () => {
    const answer = await fetch(`${await app.getUrl()}/events`);
    expect(await collectEvents(answer, { take: 1 })).toEqual([{ id: '1', event: 'tick', data: 1 }]);
  });
});
