import { Controller, NotFoundException, Param, ParseIntPipe, Post } from '@nestjs/common';
import { EmptyResponse } from 'nestjs-responses';
import cluster from 'node:cluster';

@Controller('processes')
export class ProcessesController {
  /** Has one of the processes killed, without any warning. */
  @Post(':pid/kill')
  kill(@Param('pid', ParseIntPipe) pid: number): EmptyResponse {
    if (!cluster.isWorker) {
      throw new NotFoundException('There is one process only. Start the sample with REDIS_URL.');
    }
    // Once the answer is sent, as it may be this process.
    return new EmptyResponse({ statusCode: 202, background: () => process.send?.({ kill: pid }) });
  }
}
