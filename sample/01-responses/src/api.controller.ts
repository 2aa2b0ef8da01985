import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import {
  APIErrorResponse,
  APIResponse,
  JSONRPCErrorResponse,
  JSONRPCResponse,
} from 'nestjs-responses';

export class Puppy {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;
}

/** What a database may hold: the chip is nobody's business, and no schema declares it. */
const rows = [
  { id: 1, name: 'Canna', chip: '276098106012345' },
  { id: 2, name: 'Luna', chip: '276098106054321' },
];

/** Answers that keep to a schema, or to a protocol. */
@Controller()
export class APIController {
  @Get('puppy')
  puppy(): APIResponse {
    return new APIResponse(rows[0], { schema: Puppy });
  }

  @Get('puppies')
  @ApiOkResponse({ type: [Puppy] })
  puppies(): Puppy[] {
    return rows;
  }

  @Get('fail')
  fail(): APIErrorResponse {
    return new APIErrorResponse({ detail: 'Puppy not found', statusCode: 404 });
  }

  @Get('rpc')
  result(): JSONRPCResponse {
    return new JSONRPCResponse({ result: { ok: true }, id: 1 });
  }

  @Get('rpc/unknown')
  error(): JSONRPCErrorResponse {
    return new JSONRPCErrorResponse({ statusCode: -32601, message: 'Method not found', id: 1 });
  }
}
