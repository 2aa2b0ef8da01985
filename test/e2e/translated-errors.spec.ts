import { Body, Controller, NotFoundException, Post } from '@nestjs/common';
import { MinLength } from 'class-validator';
import {
  AcceptLanguageResolver,
  I18nModule,
  I18nValidationExceptionFilter,
  I18nValidationPipe,
  i18nValidationMessage,
} from 'nestjs-i18n';
import { describe, expect, it } from 'vitest';
import { folder } from '../support/folder.js';
import { platforms, start } from '../support/platforms.js';
import { expectProblem } from '../support/problems.js';

class Puppy {
  @MinLength(2, { message: i18nValidationMessage('puppy.short') })
  name!: string;
}

@Controller('puppies')
class PuppiesController {
  @Post()
  create(@Body(new I18nValidationPipe()) puppy: Puppy): void {
    throw new NotFoundException(`No kennel for ${puppy.name}`);
  }
}

describe.each(platforms)('The filter of nestjs-i18n on $name', (platform) => {
  it.each([
    ['en', 'at least 2 letters'],
    ['de', 'mindestens 2 Buchstaben'],
  ])('translates to %s before ProblemFilter answers all others', async (language, message) => {
    const path = await folder({
      'en/puppy.json': '{"short":"at least {constraints.0} letters"}',
      'de/puppy.json': '{"short":"mindestens {constraints.0} Buchstaben"}',
    });
    const { url } = await start(platform, {
      controllers: [PuppiesController],
      imports: [
        I18nModule.forRoot({
          fallbackLanguage: 'en',
          loaderOptions: { path },
          resolvers: [AcceptLanguageResolver],
          logging: false,
        }),
      ],
      responses: { errors: 'problem' },
      configure: (app) => app.useGlobalFilters(new I18nValidationExceptionFilter()),
    });
    const send = (name: string) =>
      fetch(`${url}/puppies`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': language },
        body: JSON.stringify({ name }),
      });
    const invalid = await send('x');
    expect(invalid.status).toBe(400);
    expect(JSON.stringify(await invalid.json())).toContain(message);
    const missing = await send('Rex');
    expect(missing.headers.get('content-type')).toBe('application/problem+json');
    const body: unknown = await missing.json();
    expectProblem(body);
    expect(body).toMatchObject({ status: 404, detail: 'No kennel for Rex' });
  });
});
