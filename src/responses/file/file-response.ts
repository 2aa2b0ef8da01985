import { Logger, NotFoundException } from '@nestjs/common';
import mime from 'mime-types';
import type { BigIntStats } from 'node:fs';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import {
  lastModified,
  planResponse,
  strongETag,
  type BodySegment,
  type ResponsePlan,
} from '../../../libs/byte-ranges/index.js';
import type { ChunkTarget } from '../../../libs/streams/index.js';
import type { Exchange } from '../../exchange/exchange.js';
import { hasNoBody } from '../../exchange/header-store.js';
import { Response, type ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES, type DeliveryServices } from '../services.js';
import { contentDisposition, type ContentDispositionType } from './content-disposition.js';
import { FileBody } from './file-body.js';
import { fileHead, guardFromTransformation } from './file-head.js';
import { openFile, type OpenFile } from './open-file.js';
import { writeBody } from './write-body.js';

/** What a file can be given. */
export interface FileResponseOptions extends ResponseOptions {
  /** What the file is called where it is saved. @default none: clients take the end of the URL */
  readonly filename?: string;
  /** Whether the file is saved, or shown where it was asked for. @default 'attachment' */
  readonly contentDispositionType?: ContentDispositionType;
  /**
   * The directory that the path is resolved from and may not leave; a relative one is resolved from the module's
   * `files.root`. @default `files.root` for a relative path; none for an absolute one, which is taken as it is
   */
  readonly root?: string;
  /** Seconds for which any cache may keep the file, by `Cache-Control: public, max-age=…`. @default none */
  readonly maxAge?: number;
}

/** Bytes of a piece of a body that a platform reads which does not know this package. */
const CHUNK = 64 * 1024;

const logger = new Logger('FileResponse');

/**
 * Sends a file: as a whole, in part where the client asks for ranges, or not at all where it has it. So downloads are
 * resumed, players seek, and caches revalidate.
 *
 * The file is opened when the response is delivered: one that is missing, or no regular file, or outside of `root`, is a
 * `NotFoundException`. One that becomes shorter while it is sent cuts the connection.
 *
 * Its `ETag` (strong, by size and modification time) and `Last-Modified` give way to those of `headers`.
 *
 * Source: RFC 9110, sections 8.8, 13 and 14; RFC 6266.
 *
 * @publicApi
 */
export class FileResponse extends Response {
  /** Guessed from the name of the file, or from `filename`. */
  override readonly mediaType: string;
  /** As it was given: absolute, or relative to `root`. */
  readonly path: string;
  /** As it was given; undefined where `files.root` of the module is meant. */
  readonly root: string | undefined;
  readonly #isTypeGuessed: boolean;

  /**
   * Throws a `TypeError` for a `filename` with a line break or NUL, and a `RangeError` for a `maxAge` that is no
   * non-negative integer.
   */
  constructor(
    path: string,
    { filename, contentDispositionType, root, maxAge, ...options }: FileResponseOptions = {},
  ) {
    super(options);
    this.path = path;
    this.root = root;
    this.mediaType = guessType(path) ?? guessType(filename ?? '') ?? 'application/octet-stream';
    this.#isTypeGuessed = options.mediaType === undefined;
    if (filename !== undefined || contentDispositionType !== undefined) {
      this.#setDefault('content-disposition', contentDisposition(contentDispositionType, filename));
    }
    if (maxAge !== undefined) {
      this.#setDefault('cache-control', cacheControl(maxAge));
    }
  }

  override async deliver(exchange: Exchange, services: DeliveryServices): Promise<void> {
    if (hasNoBody(this.statusCode)) {
      exchange.send(this.head());
      return;
    }
    const { handle, stats } = await this.#open(services.files.root, exchange.route);
    let isSending = false;
    try {
      // The client may have left while the file was opened.
      if (!exchange.isOver) {
        const plan = this.#plan(exchange, stats);
        const head = fileHead(plan, this.headers);
        if (exchange.isIntercepted) {
          guardFromTransformation(head, exchange.headers);
        }
        const body = new FileBody(handle, plan.body);
        void this.#send(body, exchange.open(head), exchange, services);
        isSending = true;
      }
    } finally {
      if (!isSending) {
        await handle.close();
      }
    }
  }

  override getStream(): Readable {
    return Readable.from(this.#read(), { objectMode: false });
  }

  override getHeaders(): ReturnType<Response['getHeaders']> {
    return {
      ...super.getHeaders(),
      disposition: this.headers.get('content-disposition') ?? contentDisposition(),
    };
  }

  async *#read(): AsyncGenerator<Buffer> {
    const { handle, stats } = await this.#open(DEFAULT_SERVICES.files.root, 'A route');
    const body = new FileBody(handle, wholeFile(stats));
    try {
      while (body.rest > 0) {
        yield await body.read(Buffer.allocUnsafeSlow(Math.min(body.rest, CHUNK)));
      }
    } finally {
      await body.close();
    }
  }

  async #open(base: string, route: string): Promise<OpenFile> {
    const { path, root } = this;
    const file = await openFile({ path, root, base }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EACCES' && error.code !== 'EPERM') {
        throw error;
      }
      // An operator has to know, and a client must not: it would learn that there is something.
      logger.warn(`${route}: a file that may not be read is answered as missing. ${error.message}`);
      return undefined;
    });
    if (!file) {
      throw new NotFoundException();
    }
    return file;
  }

  #plan(exchange: Exchange, stats: BigIntStats): ResponsePlan {
    const { method, requestHeaders } = exchange;
    const isRead = method === 'GET' || method === 'HEAD';
    return planResponse(
      // The handler of any other method has acted by now, so that it is too late to refuse.
      { method, headers: isRead ? requestHeaders : {} },
      {
        size: Number(stats.size),
        etag: this.#userHeader('etag', exchange) ?? strongETag(stats),
        lastModified:
          this.#userHeader('last-modified', exchange) ?? lastModified(stats, Date.now()),
        mediaType: this.#contentType(exchange),
      },
      { statusCode: this.statusCode },
    );
  }

  #contentType(exchange: Exchange): string | undefined {
    // A guess gives way to what the route says, e.g. by `@Header()`.
    const given = this.#isTypeGuessed ? this.#userHeader('content-type', exchange) : undefined;
    return given ?? this.head().contentType ?? this.#userHeader('content-type', exchange);
  }

  /** A header of this response, or one set before, by `@Header()` or a middleware. */
  #userHeader(name: string, exchange: Exchange): string | undefined {
    return this.headers.get(name) ?? exchange.headers.get(name)?.toString();
  }

  /** Sends the body, and closes the file whatever happens. */
  async #send(
    body: FileBody,
    target: ChunkTarget,
    exchange: Exchange,
    { streams: { sendTimeout }, onShutdown }: DeliveryServices,
  ): Promise<void> {
    const { route } = exchange;
    try {
      // A file ends by itself: shutdown waits for it, as long as it waits for anything.
      exchange.onceOver(onShutdown({ end: () => undefined, cut: () => target.destroy() }));
      if (sendTimeout !== false) {
        exchange.onStall(sendTimeout, () => {
          logger.warn(
            `${route}: the client does not read its file, it took nothing for ${sendTimeout} ms (streams.sendTimeout).`,
          );
          target.destroy();
        });
      }
      await writeBody(body, target, exchange);
    } catch (error) {
      logger.error(`${route}: a file could not be sent to its end.`, (error as Error).stack);
      // So that the client does not take what it has for the whole.
      target.destroy();
    } finally {
      await body
        .close()
        .catch((error: Error) =>
          logger.error(`${route}: a file could not be closed.`, error.stack),
        );
    }
  }

  #setDefault(name: string, value: string): void {
    if (!this.headers.has(name)) {
      this.headers.set(name, value);
    }
  }
}

function guessType(name: string): string | undefined {
  // Not the name itself, as the library takes one without a dot for an extension, e.g. a folder's file `html`.
  return mime.lookup(extname(name)) || undefined;
}

function cacheControl(maxAge: number): string {
  if (!Number.isSafeInteger(maxAge) || maxAge < 0) {
    throw new RangeError(
      `The "maxAge" of a file is a non-negative integer of seconds, got ${maxAge}.`,
    );
  }
  return `public, max-age=${maxAge}`;
}

function wholeFile({ size }: BigIntStats): readonly BodySegment[] {
  return size === 0n ? [] : [{ start: 0, end: Number(size) - 1 }];
}
