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

/** What a database may hold: the chip is nobody's business, and no schema declares it. */
const rows = [
  { id: 1, name: 'Canna', chip: '276098106012345' },
  { id: 2, name: 'Luna', chip: '276098106054321' },
];

/** Answers that keep to a schema, or to a protocol. */
@Controller()
export class APIController {
  @Get('puppy')
  @ApiOperation({ summary: 'A puppy, by an explicit schema' })
  @ApiJSONResponse({ type: Puppy })
  puppy(): APIResponse {
    return new APIResponse(rows[0], { schema: Puppy });
  }

  @Get('puppies')
  @ApiOperation({ summary: 'All puppies, as the route declares them' })
  @ApiOkResponse({ type: [Puppy] })
  puppies(): Puppy[] {
    return rows;
  }

  @Get('fail')
  @ApiOperation({ summary: 'A puppy that is not there' })
  @ApiErrorResponse({ status: 404 })
  fail(): APIErrorResponse {
    return new APIErrorResponse({ detail: 'Puppy not found', statusCode: 404 });
  }

  @Get('problem')
  @ApiOperation({ summary: 'A puppy that is not there, as problem details' })
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
