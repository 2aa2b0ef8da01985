import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { platforms, start } from '../../support/platforms.js';
import { findProgram } from '../../support/programs.js';
import { CSVResponse } from './csv-response.js';

const curl = findProgram('curl');

interface Puppy {
  readonly name: string;
  readonly note: string | null;
  readonly born: Date;
  readonly isSold: boolean;
  readonly chip: string;
}

async function* puppies(): AsyncGenerator<Puppy> {
  const born = new Date('2026-01-01');
  yield { name: 'Rex', note: 'says "wuff", often', born, isSold: false, chip: '1' };
  yield { name: 'Zoë', note: null, born, isSold: true, chip: '2' };
}

@Controller()
class PuppiesController {
  @Get('puppies')
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: 'The puppies, a record each.', schema: { type: 'string' } })
  all(): CSVResponse<Puppy> {
    return new CSVResponse(puppies(), { columns: ['name', 'note', 'born', 'isSold'] });
  }
}

const records =
  'name,note,born,isSold\r\n' +
  'Rex,"says ""wuff"", often",2026-01-01T00:00:00.000Z,false\r\n' +
  'Zoë,,2026-01-01T00:00:00.000Z,true\r\n';

describe.each(platforms)('CSVResponse on $name', (platform) => {
  const startPuppies = () => start(platform, { controllers: [PuppiesController] });

  it('sends each row as a record, below the names of the columns', async () => {
    const { url } = await startPuppies();
    const response = await fetch(`${url}/puppies`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(await response.text()).toBe(records);
  });

  it.runIf(curl)('is saved by curl', async () => {
    const { url } = await startPuppies();
    const { stdout } = await promisify(execFile)(curl ?? '', ['--silent', `${url}/puppies`]);
    expect(stdout).toBe(records);
  });

  it("is documented by swagger's own decorators", async () => {
    const { app } = await startPuppies();
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(paths['/puppies']?.get?.responses['200']).toEqual({
      description: 'The puppies, a record each.',
      content: { 'text/csv': { schema: { type: 'string' } } },
    });
  });
});

describe('CSVResponse', () => {
  it('writes what is read as it was, whatever it holds', () => {
    const response = new CSVResponse<{ a: string; b: string }>([], { columns: ['a', 'b'] });
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\r', '\n', ' ') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(parse(response.encode({ a, b }))).toEqual([[a, b]]);
      }),
    );
  });
});
