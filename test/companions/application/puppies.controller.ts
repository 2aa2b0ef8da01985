import { CacheInterceptor } from '@nestjs/cache-manager';
import { Controller, Get, NotFoundException, UseInterceptors } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { Throttle } from '@nestjs/throttler';
import { I18n, type I18nContext } from 'nestjs-i18n';
import {
  ApiNDJSONResponse,
  ApiServerSentEventResponse,
  FileResponse,
  JSONResponse,
  PlainTextResponse,
} from 'nestjs-responses';
import { fromEvent, of, type Observable } from 'rxjs';

export class Puppy {
  @ApiProperty({ type: Number }) id!: number;
  @ApiProperty({ type: String }) name!: string;
}

/** A value with a property that the class does not declare. */
const puppy = (id: number) => ({ id, name: 'Bono', chip: 'secret' });

let calls = 0;

@Controller('puppies')
export class PuppiesController {
  constructor(
    private readonly emitter: EventEmitter2,
    private readonly loader: LazyModuleLoader,
  ) {}

  @Get('one')
  @ApiOkResponse({ type: Puppy })
  one() {
    return puppy(1);
  }

  @Get('many')
  @ApiOkResponse({ type: [Puppy] })
  many() {
    return Array.from({ length: 1000 }, (_, id) => puppy(id));
  }

  @Get('missing')
  missing() {
    throw new NotFoundException('No such puppy');
  }

  @Get('broken')
  @ApiOkResponse({ type: Puppy })
  broken() {
    return { id: 'not a number' };
  }

  @Get('file')
  file() {
    return new FileResponse(new TextEncoder().encode('0123456789'), { filename: 'digits.txt' });
  }

  @Get('throttled')
  @Throttle({ default: { limit: 2, ttl: 60_000 } })
  @ApiOkResponse({ type: Puppy })
  throttled() {
    return puppy(2);
  }

  @Get('cached/value')
  @UseInterceptors(CacheInterceptor)
  @ApiOkResponse({ type: Puppy })
  cachedValue() {
    return puppy(++calls);
  }

  @Get('cached/response')
  @UseInterceptors(CacheInterceptor)
  cachedResponse() {
    return new JSONResponse(puppy(++calls));
  }

  @Get('cached/stream')
  @UseInterceptors(CacheInterceptor)
  @ApiNDJSONResponse({ type: Puppy })
  cachedStream(): Observable<Puppy> {
    return of(puppy(++calls), puppy(++calls));
  }

  @Get('translated')
  translated(@I18n() i18n: I18nContext) {
    return new PlainTextResponse(i18n.t('test.greeting', { args: { name: 'Bono' } }));
  }

  @Get('emitted')
  @ApiServerSentEventResponse({ type: Puppy })
  emitted(): Observable<unknown> {
    return fromEvent(this.emitter, 'puppy');
  }

  @Get('emit')
  emit() {
    return new JSONResponse({ listened: this.emitter.emit('puppy', puppy(3)) });
  }

  @Get('lazy')
  async lazy() {
    const { LazyModule, LazyService } = await import('./lazy.module.js');
    const module = await this.loader.load(() => LazyModule);
    return module.get(LazyService).respond();
  }
}
