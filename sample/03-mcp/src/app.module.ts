import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { EventChannelsModule, ResponsesModule } from 'nestjs-responses';
import { McpController } from './mcp.controller.js';
import { RPCErrorFilter } from './rpc-error.filter.js';
import { Sessions } from './sessions.js';

@Module({
  imports: [
    ResponsesModule.forRoot({ eventStream: { retry: 500 } }),
    // Keeps missed messages until the client reconnects.
    EventChannelsModule.forRoot(),
  ],
  controllers: [McpController],
  providers: [Sessions, { provide: APP_FILTER, useClass: RPCErrorFilter }],
})
export class AppModule {}
