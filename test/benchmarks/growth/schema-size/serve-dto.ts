import { Controller, Get } from '@nestjs/common';
import { ApiJSONResponse, ResponsesModule } from 'nestjs-responses';
import type { CountedStart } from '../../support/scenario.js';
import { serveNest } from '../../support/serve-nest.js';
import type { DTO } from './dto.js';

/** Serves an object of a declared type. */
export function serveDeclared(create: (count: number) => DTO): CountedStart {
  return (platform, count) => {
    const { type, value } = create(count);
    @Controller()
    class ValueController {
      @Get()
      @ApiJSONResponse({ type })
      value(): object {
        return value;
      }
    }
    return serveNest(ValueController, { imports: [ResponsesModule.forRoot()] })(platform);
  };
}

/** Serves the same object without a declaration, and without the module. */
export function servePlain(create: (count: number) => DTO): CountedStart {
  return (platform, count) => {
    const { value } = create(count);
    @Controller()
    class ValueController {
      @Get()
      value(): object {
        return value;
      }
    }
    return serveNest(ValueController)(platform);
  };
}
