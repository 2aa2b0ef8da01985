import { Inject, Injectable } from '@nestjs/common';
import { OpenResponses } from './open-responses.js';

/**
 * The streamed responses that are open now. Inject it, e.g. to export a gauge or to answer a health check. Files and
 * other buffered responses do not count.
 *
 * @publicApi
 */
@Injectable()
export class OpenStreams {
  /** @internal */
  constructor(@Inject(OpenResponses) private readonly responses: OpenResponses) {}

  /** The number of open streams. */
  get count(): number {
    let count = 0;
    for (const open of this.byRoute().values()) {
      count += open;
    }
    return count;
  }

  /** The number of open streams of each route that has any, e.g. `GET /runs/:id/events`. */
  byRoute(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { route } of this.responses.bodies) {
      if (route !== undefined) {
        counts.set(route, (counts.get(route) ?? 0) + 1);
      }
    }
    return counts;
  }
}
