import { Controller, Get } from '@nestjs/common';
import { DocumentBuilder } from '@nestjs/swagger';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { ApiJSONRPCResponse, JSONRPCResponse, setupOpenAPI } from '../../src/index.js';
import { isNest11 } from '../support/nest.js';
import { platforms, start } from '../support/platforms.js';

@Controller()
class RPCController {
  @Get()
  @ApiJSONRPCResponse({ type: String })
  answer(): JSONRPCResponse<string> {
    return new JSONRPCResponse({ result: 'a', id: 1 });
  }
}

// Swagger of NestJS 11 writes documents of 3.1 with keywords of 3.0.
const versions = isNest11 ? ['3.0.0'] : ['3.0.0', '3.1.0'];

it.each(versions)(
  'The id of @ApiJSONRPCResponse() is typed by generators, in OpenAPI %s',
  async (version) => {
    let document: object = {};
    const [platform] = platforms;
    await start(platform as (typeof platforms)[0], {
      controllers: [RPCController],
      configure: (app) => {
        document = setupOpenAPI(app, {
          path: '/schema/',
          docs: '/docs/',
          document: new DocumentBuilder().setOpenAPIVersion(version as '3.0.0').build(),
        });
      },
    });
    const source = JSON.stringify(document);
    const types = astToString(await openapiTS(source));
    expect(types.match(/id: [^;]+/g)).toEqual(
      Array.from({ length: 2 }, () => 'id: (string | null) | number'),
    );
  },
);
