import { Controller, Get, Post, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { start, type Platform, type RunningApplication, type StartOptions } from './platforms.js';

/** Starts an application that answers GET, HEAD and POST of its root with the results of `respond`. */
export function serve(
  platform: Platform,
  respond: (request: IncomingMessage) => unknown,
  options: StartOptions = {},
): Promise<RunningApplication> {
  @Controller()
  class AnyController {
    @Get()
    get(@Req() request: IncomingMessage): unknown {
      return respond(request);
    }

    @Post()
    post(@Req() request: IncomingMessage): unknown {
      return respond(request);
    }
  }
  return start(platform, { ...options, controllers: [AnyController] });
}
