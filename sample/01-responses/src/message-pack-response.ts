import { encode } from '@msgpack/msgpack';
import { BufferedResponse, type RepresentationOptions } from 'nestjs-responses';

/** Sends a value as MessagePack. */
export class MessagePackResponse extends BufferedResponse {
  static readonly mediaTypes = ['application/vnd.msgpack'];

  static from(content: unknown, options: RepresentationOptions): MessagePackResponse {
    return new MessagePackResponse(content, options);
  }

  override readonly mediaType = 'application/vnd.msgpack';

  render(): Uint8Array {
    return encode(this.content);
  }
}
