import { Controller, NotFoundException, Param, ParseIntPipe, Post } from '@nestjs/common';
import { EmptyResponse } from 'nestjs-responses';
import cluster from 'node:cluster';

@Controller('processes')
export class ProcessesController {
  /** Kills one of the processes without a warning. */
  @Post(':pid/kill')
  kill(@Param('pid', ParseIntPipe) pid: number): EmptyResponse {
    if (!cluster.isWorker) {
      throw new NotFoundException('There is only one process. Start the sample with REDIS_URL.');
    }
    // After the response has been sent, because it may be this process.
    return new EmptyResponse({ statusCode: 202, background: () => process.send?.({ kill: pid }) });
  }
}
