import { Controller } from '@nestjs/common';
import { MessagePattern, RpcException } from '@nestjs/microservices';
import { concat, map, of, range, throwError, type Observable } from 'rxjs';

@Controller()
export class MessagesController {
  @MessagePattern('squares')
  squares(count: number): Observable<number> {
    return range(0, count).pipe(map((i) => i * i));
  }

  @MessagePattern('refuse')
  refuse() {
    throw new RpcException('No such message');
  }

  @MessagePattern('fail')
  fail() {
    throw new Error('a secret');
  }

  @MessagePattern('fail-later')
  failLater() {
    return concat(
      of(1),
      throwError(() => new Error('a secret')),
    );
  }
}
