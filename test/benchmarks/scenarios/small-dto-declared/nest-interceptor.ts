import {
  Controller,
  Get,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Observable } from 'rxjs';
import { puppy, type Puppy } from '../../support/puppy.js';
import { serveNest } from '../../support/serve-nest.js';

class PassThroughInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

@Controller()
class PuppyController {
  @Get()
  @UseInterceptors(PassThroughInterceptor)
  puppy(): Puppy {
    return puppy();
  }
}

export default serveNest(PuppyController);
