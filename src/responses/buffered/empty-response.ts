import type { ResponseOptions } from '../response.js';
import { BufferedResponse } from './buffered-response.js';

/** Sends no body. @publicApi */
export class EmptyResponse extends BufferedResponse<undefined> {
  /** @param options `statusCode` is 204 by default */
  constructor({ statusCode = 204, ...options }: ResponseOptions = {}) {
    super(undefined, { statusCode, ...options });
  }

  render(): undefined {
    return undefined;
  }
}
