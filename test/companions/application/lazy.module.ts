import { Inject, Injectable, Module } from '@nestjs/common';
import { JSONResponse, OpenStreams } from 'nestjs-responses';

@Injectable()
export class LazyService {
  constructor(@Inject(OpenStreams) private readonly streams: OpenStreams) {}

  respond() {
    return new JSONResponse({ isLazy: true, streams: this.streams.count });
  }
}

@Module({ providers: [LazyService] })
export class LazyModule {}
