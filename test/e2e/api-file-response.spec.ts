import { Controller, Get } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ApiFileResponse, FileResponse } from '../../src/index.js';
import { folder } from '../support/folder.js';
import { platforms, start } from '../support/platforms.js';
import { request } from '../support/request.js';

describe.each(platforms)('@ApiFileResponse() on $name', (platform) => {
  it('documents each response for a file', async () => {
    const root = await folder({ 'a.txt': 'hello' });

    @Controller()
    class Files {
      @Get('any')
      @ApiFileResponse()
      any(): FileResponse {
        return new FileResponse(join(root, 'a.txt'));
      }

      @Get('film')
      @ApiFileResponse({
        mediaType: 'text/plain',
        description: 'The text.',
        headers: { 'X-Own': { schema: { type: 'string' } } },
      })
      text(): FileResponse {
        return new FileResponse(join(root, 'a.txt'));
      }
    }

    const { app, url } = await start(platform, { controllers: [Files] });
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const binary = { schema: { type: 'string', format: 'binary' } };
    const described = expect.objectContaining({ description: expect.any(String) });
    expect(paths['/any']?.get?.responses).toEqual({
      200: {
        description: 'The file.',
        content: { 'application/octet-stream': binary },
        headers: { 'Accept-Ranges': described, ETag: described, 'Last-Modified': described },
      },
      206: {
        description: expect.any(String),
        content: { 'application/octet-stream': binary, 'multipart/byteranges': binary },
        headers: {
          'Accept-Ranges': described,
          'Content-Range': described,
          ETag: described,
          'Last-Modified': described,
        },
      },
      304: { description: expect.any(String), headers: { ETag: described } },
      416: { description: expect.any(String), headers: { 'Content-Range': described } },
    });
    expect(paths['/film']?.get?.responses[200]).toMatchObject({
      description: 'The text.',
      content: { 'text/plain': binary },
      headers: { ETag: described, 'X-Own': { schema: { type: 'string' } } },
    });
    const part = await request(`${url}/film`, {
      headers: { range: 'bytes=1-2', accept: 'image/png' },
    });
    expect([part.status, String(part.body)]).toEqual([206, 'el']);
  });
});
