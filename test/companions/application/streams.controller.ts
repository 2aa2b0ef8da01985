import { Controller, Get } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { ClsService } from 'nestjs-cls';
import { I18nContext } from 'nestjs-i18n';
import { ApiNDJSONResponse, NDJSONResponse, ServerSentEventResponse } from 'nestjs-responses';
import { ApiProperty } from '@nestjs/swagger';
import { concatMap, delay, map, of, range, type Observable } from 'rxjs';

export class Item {
  @ApiProperty({ type: Number }) i!: number;
  @ApiProperty({ type: String }) id!: string;
  @ApiProperty({ type: String }) trace!: string;
  @ApiProperty({ type: String }) language!: string;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

@Controller()
export class StreamsController {
  constructor(private readonly cls: ClsService) {}

  @Get('json')
  json(): Item {
    return this.item(0);
  }

  @Get('mapped/observable')
  @ApiNDJSONResponse({ type: Item })
  mappedObservable(): Observable<Item> {
    return this.observable();
  }

  @Get('mapped/generator')
  @ApiNDJSONResponse({ type: Item })
  mappedGenerator(): AsyncIterable<Item> {
    return this.generator();
  }

  @Get('returned/observable')
  returnedObservable() {
    return new NDJSONResponse(this.observable());
  }

  @Get('returned/generator')
  returnedGenerator() {
    return new ServerSentEventResponse(this.generator());
  }

  @Get('failing')
  failing() {
    return new NDJSONResponse(this.failingGenerator());
  }

  @Get('endless')
  endless() {
    return new NDJSONResponse(this.endlessGenerator());
  }

  private item(i: number): Item {
    const span = trace.getActiveSpan();
    return {
      i,
      id: this.cls.getId() ?? 'none',
      trace: span?.spanContext().traceId ?? 'none',
      language: I18nContext.current()?.lang ?? 'none',
    };
  }

  private observable(): Observable<Item> {
    return range(0, 3).pipe(
      concatMap((i) => of(i).pipe(delay(5))),
      map((i) => this.item(i)),
    );
  }

  private async *generator(): AsyncGenerator<Item> {
    for (let i = 0; i < 3; i++) {
      await turn();
      yield this.item(i);
    }
  }

  private async *failingGenerator(): AsyncGenerator<Item> {
    yield this.item(0);
    await turn();
    throw new Error('The source has failed');
  }

  private async *endlessGenerator(): AsyncGenerator<Item> {
    yield this.item(0);
    await new Promise(() => undefined);
  }
}
