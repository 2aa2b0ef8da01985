import { writeJSON } from '../json.js';
import { DEFAULT_SERVICES } from '../services.js';
import { BufferedResponse } from './buffered-response.js';

/**
 * Sends its content as compact JSON. `undefined` is sent as `null`. A value that JSON cannot hold (a BigInt, a cycle)
 * throws a `TypeError` that names its path in the content.
 *
 * Source: RFC 8259.
 *
 * @publicApi
 */
export class JSONResponse<TContent = unknown> extends BufferedResponse<TContent> {
  override readonly mediaType: string = 'application/json';

  render({ stringify } = DEFAULT_SERVICES): string {
    return writeJSON(this.content, stringify);
  }
}
