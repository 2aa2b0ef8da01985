import { Controller, Get } from '@nestjs/common';
import type { CountedStart } from '../../support/scenario.js';
import { serveNest } from '../../support/serve-nest.js';
import { dogs, type Dog } from '../../support/validated-list/dog.js';

/** Sends all properties, and validates nothing. */
const start: CountedStart = (platform, count) => {
  @Controller()
  class DogsController {
    @Get()
    dogs(): Dog[] {
      return dogs(count);
    }
  }
  return serveNest(DogsController)(platform);
};

export default start;
