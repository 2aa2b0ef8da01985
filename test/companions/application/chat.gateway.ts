import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';

@WebSocketGateway()
export class ChatGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() text: string) {
    return { event: 'echo', data: text };
  }

  @SubscribeMessage('fail')
  fail() {
    throw new WsException('No such room');
  }
}
