import { Logger, NotFoundException } from '@nestjs/common';
import { Readable } from 'node:stream';
import {
  lastModified as lastModifiedField,
  planResponse,
  type ResponsePlan,
} from '../../../libs/byte-ranges/index.js';
import type { ChunkTarget } from '../../../libs/streams/index.js';
import type { Exchange } from '../../exchange/exchange.js';
import { hasNoBody, type Head } from '../../exchange/header-store.js';
import { Response, type ResponseOptions } from '../response.js';
import { DEFAULT_SERVICES, type DeliveryServices } from '../services.js';
import type { ContentCoding } from './content-coding.js';
import { contentDisposition, type ContentDispositionType } from './content-disposition.js';
import { FileClient } from './file-client.js';
import { fileHead, guardFromTransformation } from './file-head.js';
import { cacheControl, entityTag, timestamp } from './file-options.js';
import { originOf } from './file-origin.js';
import { assertFileSource, type FileSource } from './file-source.js';
import { guessType } from './guess-type.js';
import type { FileOrigin, OpenContext, OpenedFile } from './opened-file.js';
import { writeBody } from './write-body.js';

/** Options of a file. */
export interface FileResponseOptions extends ResponseOptions {
  /**
   * The file name of the download. @default the `name` of the source, if it has one; otherwise clients use the end of
   * the URL
   */
  readonly filename?: string;
  /** Saves the file (`'attachment'`), or shows it in the page (`'inline'`). @default 'attachment' */
  readonly contentDispositionType?: ContentDispositionType;
  /**
   * The directory that a path is resolved against and must not leave. A relative root is resolved against the module's
   * `files.root`. @default `files.root` for a relative path; none for an absolute one
   */
  readonly root?: string;
  /**
   * `'ignore'` answers with a 404 if a name in the path, below the root, starts with a dot. `'allow'` sends such files.
   * An absolute path without a root is always sent. @default 'ignore'
   */
  readonly dotfiles?: 'ignore' | 'allow';
  /**
   * The time for which any cache may keep the file, in seconds. Sent as `Cache-Control: public, max-age=…`. @default
   * none
   */
  readonly maxAge?: number;
  /** Adds `immutable` to `Cache-Control`: the file never changes during `maxAge`, which is required. @default false */
  readonly immutable?: boolean;
  /** The entity tag of the file, quoted: `"v1"` or `W/"v1"`. @default that of the source, if it has one */
  readonly etag?: string;
  /** The time of the last modification, as a `Date` or in milliseconds since 1970. @default that of the source, if known */
  readonly lastModified?: Date | number;
  /**
   * Codings in which the file also exists beside its path, as `PATH.br`, `PATH.zst` or `PATH.gz`, most preferred first. A
   * sibling is sent if the client accepts its coding and it is not older than the file. Only for paths. @default none
   */
  readonly precompressed?: readonly ContentCoding[];
}

const logger = new Logger('FileResponse');

/**
 * Sends a file: the whole file, the ranges that the client requests, or nothing if the client already has it. Clients
 * can resume downloads, seek in media, and revalidate caches.
 *
 * The source is a path, a `file:` URL, bytes, or an object like a web `Blob`. A path is opened when the response is
 * delivered. A path that does not exist, is not a regular file, or is outside `root` throws a `NotFoundException`. If a
 * source ends early or fails after the head has been sent, the connection is closed.
 *
 * The `ETag` is strong: it consists of size, modification time and inode of a path, or is a hash of bytes. Do not
 * change bytes after they have been sent once. The options and `headers` override `ETag` and `Last-Modified`.
 *
 * Source: RFC 9110, sections 8.8, 13 and 14; RFC 6266; RFC 8246.
 *
 * @publicApi
 */
export class FileResponse extends Response {
  /** The media type of the source, or guessed from its name or from `filename`. */
  override readonly mediaType: string;
  /** The source as given. */
  readonly source: FileSource;
  /** The root as given; undefined means the module's `files.root`. */
  readonly root: string | undefined;
  readonly #origin: FileOrigin;
  readonly #etag: string | undefined;
  readonly #lastModified: number | undefined;
  readonly #isTypeGuessed: boolean;
  readonly #isNegotiated: boolean;

  /**
   * Throws a `TypeError` for an invalid source, a `filename` with a line break or NUL, and an invalid `etag`,
   * `lastModified`, `immutable`, `dotfiles` or `precompressed`. Throws a `RangeError` for a `maxAge` that is not a
   * non-negative integer.
   */
  constructor(source: FileSource, options: FileResponseOptions = {}) {
    assertFileSource(source);
    super(options);
    const { filename, contentDispositionType, root, maxAge, immutable = false } = options;
    const { etag, lastModified, precompressed = [] } = options;
    this.source = source;
    this.root = root;
    this.#origin = originOf(source, options);
    this.#etag = etag === undefined ? undefined : entityTag(etag);
    this.#lastModified = lastModified === undefined ? undefined : timestamp(lastModified);
    this.#isNegotiated = precompressed.length > 0;
    this.#isTypeGuessed = options.mediaType === undefined;
    this.mediaType = this.#origin.type ?? guessType(filename) ?? 'application/octet-stream';
    const name = filename ?? this.#origin.name;
    if (name !== undefined || contentDispositionType !== undefined) {
      this.#setDefault('content-disposition', contentDisposition(contentDispositionType, name));
    }
    if (maxAge !== undefined || immutable) {
      this.#setDefault('cache-control', cacheControl(maxAge, immutable));
    }
  }

  override async deliver(exchange: Exchange, services: DeliveryServices): Promise<void> {
    if (hasNoBody(this.statusCode)) {
      exchange.send(this.head());
      return;
    }
    const client = new FileClient(exchange);
    const isEncoded = this.#userHeader('content-encoding', exchange) !== undefined;
    const file = await this.#open(exchange.route, {
      base: services.files.root,
      acceptEncoding: isEncoded
        ? undefined
        : exchange.requestHeaders['accept-encoding']?.toString(),
    });
    let isSending = false;
    try {
      const plan = this.#plan(exchange, file);
      const chunks = file.read(plan.body, client);
      // Reads the first chunk before the head is sent, so that exception filters can handle a source that fails
      // immediately.
      const first = client.isGone ? undefined : await chunks.next();
      if (first && !client.isGone) {
        const target = exchange.open(this.#fileHead(exchange, file, plan));
        const length = Number(plan.headers['content-length'] ?? 0);
        const sent = writeBody({ first, chunks, length }, target, client);
        isSending = true;
        void this.#settle(sent, file, target, client, exchange, services);
      }
    } catch (error) {
      if (!client.isGone) {
        throw error;
      }
    } finally {
      if (!isSending) {
        await file.close();
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

  async *#read(): AsyncGenerator<Uint8Array> {
    const { root: base } = DEFAULT_SERVICES.files;
    const file = await this.#open('A route', { base, acceptEncoding: undefined });
    const abort = new AbortController();
    try {
      const whole = file.size === 0 ? [] : [{ start: 0, end: file.size - 1 }];
      yield* file.read(whole, { keepsChunks: true, signal: abort.signal });
    } finally {
      abort.abort();
      await file.close();
    }
  }

  async #open(route: string, context: OpenContext): Promise<OpenedFile> {
    const file = await this.#origin.open(context).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EACCES' && error.code !== 'EPERM') {
        throw error;
      }
      // The operator must learn about it, but not the client, because it would learn that the file exists.
      logger.warn(
        `${route}: a file without read permission is answered as missing. ${error.message}`,
      );
      return undefined;
    });
    if (!file) {
      throw new NotFoundException();
    }
    return file;
  }

  #plan(exchange: Exchange, file: OpenedFile): ResponsePlan {
    const { method, requestHeaders } = exchange;
    const isRead = method === 'GET' || method === 'HEAD';
    const modified = this.#lastModified ?? file.lastModified;
    return planResponse(
      // For any other method, the handler has already acted, so it is too late to reject the request.
      { method, headers: isRead ? requestHeaders : {} },
      {
        size: file.size,
        etag: this.#userHeader('etag', exchange) ?? this.#etag ?? file.etag,
        lastModified:
          this.#userHeader('last-modified', exchange) ??
          (modified === undefined ? undefined : lastModifiedField(modified, Date.now())),
        mediaType: this.#contentType(exchange),
      },
      { statusCode: this.statusCode },
    );
  }

  #fileHead(exchange: Exchange, { contentEncoding }: OpenedFile, plan: ResponsePlan): Head {
    const head = fileHead(plan, this.headers);
    if (this.#isNegotiated) {
      head.headers.append('vary', 'Accept-Encoding');
    }
    if (contentEncoding !== undefined) {
      head.headers.set('content-encoding', contentEncoding);
    }
    if (exchange.isIntercepted) {
      guardFromTransformation(head, exchange.headers);
    }
    return head;
  }

  #contentType(exchange: Exchange): string | undefined {
    // The headers of the route, e.g. set by `@Header()`, win over a guess.
    const given = this.#isTypeGuessed ? this.#userHeader('content-type', exchange) : undefined;
    return given ?? this.head().contentType ?? this.#userHeader('content-type', exchange);
  }

  /** Returns a header of this response, or one that was set earlier by `@Header()` or middleware. */
  #userHeader(name: string, exchange: Exchange): string | undefined {
    return this.headers.get(name) ?? exchange.headers.get(name)?.toString();
  }

  /** Waits until the body has been sent, and closes the file in any case. */
  async #settle(
    sent: Promise<void>,
    file: OpenedFile,
    target: ChunkTarget,
    client: FileClient,
    exchange: Exchange,
    { streams: { sendTimeout }, onShutdown }: DeliveryServices,
  ): Promise<void> {
    const { route } = exchange;
    try {
      // A file ends by itself, so shutdown waits for it up to its timeout.
      exchange.onceOver(onShutdown({ end: () => undefined, cut: () => target.destroy() }));
      if (sendTimeout !== false) {
        exchange.onStall(sendTimeout, () => {
          logger.warn(
            `${route}: the client does not read its file, it took nothing for ${sendTimeout} ms (streams.sendTimeout).`,
          );
          target.destroy();
        });
      }
      await sent;
    } catch (error) {
      // A source that is stopped because the client has disconnected may fail because of that.
      if (!client.isGone) {
        logger.error(`${route}: a file could not be sent in full.`, (error as Error).stack);
      }
      // Lets the client detect that the body is incomplete.
      target.destroy();
    } finally {
      await file
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
