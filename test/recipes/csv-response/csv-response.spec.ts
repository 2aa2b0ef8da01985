import { Controller, Get } from '@nestjs/common';
import { ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ApiNegotiatedResponse, describeStreams } from 'nestjs-responses';
import { describe, expect, it } from 'vitest';
import { platforms, start } from '../../support/platforms.js';
import { findProgram } from '../../support/programs.js';
import { CSVResponse } from './csv-response.js';

const curl = findProgram('curl');

class Puppy {
  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true })
  note!: string | null;

  @ApiProperty()
  born!: Date;

  @ApiProperty()
  isSold!: boolean;
}

async function* puppies(): AsyncGenerator<Puppy> {
  const born = new Date('2026-01-01');
  yield Object.assign(new Puppy(), {
    name: 'Rex',
    note: 'says "wuff", often',
    born,
    isSold: false,
    chip: '1',
  });
  yield { name: 'Zoë', note: null, born, isSold: true };
}

@Controller()
class PuppiesController {
  @Get('puppies')
  @ApiNegotiatedResponse({ type: [Puppy], mediaTypes: ['application/json', 'text/csv'] })
  all(): AsyncGenerator<Puppy> {
    return puppies();
  }

  @Get('names')
  names(): CSVResponse<Puppy> {
    return new CSVResponse(puppies(), { columns: ['name', 'isSold'] });
  }
}

const records =
  'name,note,born,isSold\r\n' +
  'Rex,"says ""wuff"", often",2026-01-01T00:00:00.000Z,false\r\n' +
  'Zoë,,2026-01-01T00:00:00.000Z,true\r\n';

describe.each(platforms)('CSVResponse on $name', (platform) => {
  const startPuppies = () =>
    start(platform, {
      controllers: [PuppiesController],
      responses: { responses: [CSVResponse] },
    });

  it('answers clients that accept CSV with the declared properties', async () => {
    const { url } = await startPuppies();
    const response = await fetch(`${url}/puppies`, { headers: { accept: 'text/csv' } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await response.text()).toBe(records);
  });

  it('sends the columns that a handler asks for', async () => {
    const { url } = await startPuppies();
    const response = await fetch(`${url}/names`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(await response.text()).toBe('name,isSold\r\nRex,false\r\nZoë,true\r\n');
  });

  it.runIf(curl)('is saved by curl', async () => {
    const { url } = await startPuppies();
    const { stdout } = await promisify(execFile)(curl ?? '', [
      '--silent',
      '--header',
      'Accept: text/csv',
      `${url}/puppies`,
    ]);
    expect(stdout).toBe(records);
  });

  it('is documented as rows of the declared type', async () => {
    const { app } = await startPuppies();
    const config = new DocumentBuilder().setOpenAPIVersion('3.2.0').build();
    const document = describeStreams(SwaggerModule.createDocument(app, config), [CSVResponse]);
    const puppy = { $ref: '#/components/schemas/Puppy' };
    expect(document.paths['/puppies']?.get?.responses['200']).toMatchObject({
      content: {
        'application/json': { schema: { type: 'array', items: puppy } },
        'text/csv': { itemSchema: puppy },
      },
    });
  });
});

describe('CSVResponse', () => {
  it('writes records that are read back unchanged', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\r', '\n', ' ') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(parse(new CSVResponse<object>([]).encode({ a, b }))).toEqual([
          ['a', 'b'],
          [a, b],
        ]);
      }),
    );
  });
});
