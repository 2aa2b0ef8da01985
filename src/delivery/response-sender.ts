import { Logger } from '@nestjs/common';
import { createExchange, type PlatformReply } from '../exchange/create-exchange.js';
import type { Response, SentResponse } from '../responses/response.js';
import type { DeliveryServices } from '../responses/services.js';
import { SerializationException } from '../schemas/serialization.exception.js';
import type { OpenResponses } from './open-responses.js';

/** Sends responses and runs their background tasks. */
export class ResponseSender {
  readonly #logger = new Logger('ResponseSender');

  constructor(
    private readonly services: DeliveryServices,
    private readonly open: OpenResponses,
  ) {}

  /** Resolves once the head has been written. Rejects with any error before that. */
  async send(reply: PlatformReply, response: Response): Promise<void> {
    const exchange = createExchange(reply);
    let hasFailed = false;
    if (this.open.isShuttingDown) {
      exchange.endConnection();
    }
    if (response.background.length > 0) {
      exchange.onceSent(() => {
        // After a failure, an exception filter has sent another response. An event stream reports a failure of its source
        // to the client, and then ends properly.
        if (!hasFailed && !response.isPartial) {
          const { method, statusCode, route } = exchange;
          // A file has a different status if only a part of it, or nothing, is sent.
          const isWhole = method !== 'HEAD' && statusCode === response.statusCode;
          this.open.track(this.#run(response.background, { statusCode, isWhole }, route));
        }
      });
    }
    try {
      const delivery = response.deliver(exchange, this.services);
      if (delivery) {
        await delivery;
      }
    } catch (error) {
      hasFailed = true;
      throw error instanceof SerializationException
        ? error.at(`${exchange.route}, status ${response.statusCode}`)
        : error;
    }
  }

  /**
   * Sends a response if nothing awaits the reply, e.g. from an exception filter. Logs errors and answers with a 500.
   */
  async sendUnawaited(reply: PlatformReply, response: Response): Promise<void> {
    try {
      await this.send(reply, response);
    } catch (error) {
      const exchange = createExchange(reply);
      this.#log(
        `${exchange.route}: the ${response.constructor.name} of an exception filter failed.`,
        error,
      );
      response.getStream().destroy();
      if (!exchange.isHeadSent) {
        exchange.send({ statusCode: 500 });
      }
    }
  }

  async #run(tasks: Response['background'], sent: SentResponse, route: string): Promise<void> {
    for (const task of tasks) {
      try {
        await task(sent);
      } catch (error) {
        this.#log(`${route}: a background task failed.`, error);
      }
    }
  }

  #log(message: string, error: unknown): void {
    this.#logger.error(message, error instanceof Error ? error.stack : String(error));
  }
}
