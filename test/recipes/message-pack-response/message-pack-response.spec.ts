import { decode } from '@msgpack/msgpack';
import { Controller, Get } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import fc from 'fast-check';
import { ApiNegotiatedResponse } from 'nestjs-responses';
import { describe, expect, it } from 'vitest';
import { platforms, start } from '../../support/platforms.js';
import { MessagePackResponse } from './message-pack-response.js';

class Puppy {
  @ApiProperty()
  name!: string;
}

@Controller()
class PuppiesController {
  @Get('puppies')
  @ApiNegotiatedResponse({
    type: [Puppy],
    mediaTypes: ['application/json', 'application/vnd.msgpack'],
  })
  all(): Puppy[] {
    return [Object.assign(new Puppy(), { name: 'Rex', chip: '1' })];
  }
}

describe.each(platforms)('MessagePackResponse on $name', (platform) => {
  it('answers clients that accept MessagePack with the declared properties', async () => {
    const { url } = await start(platform, {
      controllers: [PuppiesController],
      responses: { responses: [MessagePackResponse] },
    });
    const headers = { accept: 'application/vnd.msgpack' };
    const response = await fetch(`${url}/puppies`, { headers });
    const body = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toBe('application/vnd.msgpack');
    expect(response.headers.get('content-length')).toBe(String(body.length));
    expect(body).toEqual(Buffer.from('\x91\x81\xa4name\xa3Rex', 'latin1'));
  });
});

describe('MessagePackResponse', () => {
  it('writes values that are read back unchanged', () => {
    const values = fc.anything({
      key: fc.constantFrom('a', 'é', 'name'),
      values: [fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)],
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(new MessagePackResponse(value).render())).toEqual(value);
      }),
    );
  });
});
