import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import {
  APIErrorResponse,
  ApiErrorResponse,
  ApiJSONResponse,
  ApiJSONRPCResponse,
  ApiProblemResponse,
  APIResponse,
  JSONRPCErrorResponse,
  JSONRPCResponse,
  ProblemResponse,
} from 'nestjs-responses';

export class Puppy {
  @ApiProperty()
  id!: number;

  @ApiProperty()
  name!: string;
}

export class Done {
  @ApiProperty()
  ok!: boolean;
}

/** The records of a database. No schema declares the chip, so it is never sent. */
const rows = [
  { id: 1, name: 'Canna', chip: '276098106012345' },
  { id: 2, name: 'Luna', chip: '276098106054321' },
];

/** Responses with a schema or a protocol. */
@Controller()
export class APIController {
  @Get('puppy')
  @ApiOperation({ summary: 'A puppy, with an explicit schema' })
  @ApiJSONResponse({ type: Puppy })
  puppy(): APIResponse {
    return new APIResponse(rows[0], { schema: Puppy });
  }

  @Get('puppies')
  @ApiOperation({ summary: 'All puppies, with the schema of the route' })
  @ApiOkResponse({ type: [Puppy] })
  puppies(): Puppy[] {
    return rows;
  }

  @Get('fail')
  @ApiOperation({ summary: 'A puppy that does not exist' })
  @ApiErrorResponse({ status: 404 })
  fail(): APIErrorResponse {
    return new APIErrorResponse({ detail: 'Puppy not found', statusCode: 404 });
  }

  @Get('problem')
  @ApiOperation({ summary: 'A puppy that does not exist, as problem details' })
  @ApiProblemResponse({ status: 404, type: '/problems/no-puppy' })
  problem(): ProblemResponse {
    return new ProblemResponse({
      status: 404,
      type: '/problems/no-puppy',
      title: 'Puppy not found',
      known: rows.map(({ name }) => name),
    });
  }

  @Get('rpc')
  @ApiOperation({ summary: 'The result of a remote call' })
  @ApiJSONRPCResponse({ type: Done })
  result(): JSONRPCResponse {
    return new JSONRPCResponse({ result: { ok: true }, id: 1 });
  }

  @Get('rpc/unknown')
  @ApiOperation({ summary: 'The error of a remote call' })
  @ApiJSONRPCResponse()
  error(): JSONRPCErrorResponse {
    return new JSONRPCErrorResponse({ statusCode: -32601, message: 'Method not found', id: 1 });
  }
}
