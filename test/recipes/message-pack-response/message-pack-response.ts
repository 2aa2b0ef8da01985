import { encode } from '@msgpack/msgpack';
import { BufferedResponse, type RepresentationOptions } from 'nestjs-responses';

/**
 * Sends a value as MessagePack.
 *
 * Source: the MessagePack specification, <https://github.com/msgpack/msgpack/blob/master/spec.md>.
 */
export class MessagePackResponse<TContent = unknown> extends BufferedResponse<TContent> {
  static readonly mediaTypes = ['application/vnd.msgpack', 'application/msgpack'];

  static from(content: unknown, options: RepresentationOptions): MessagePackResponse {
    return new this(content, options);
  }

  override readonly mediaType: string = 'application/vnd.msgpack';

  render(): Uint8Array {
    return encode(this.content, { useBigInt64: true });
  }
}
