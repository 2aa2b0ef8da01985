import { applyDecorators } from '@nestjs/common';
import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import type { Response } from '../responses/response.js';
import type { HandlerDecorator } from './handler-decorator.js';

/** Options of `@ApiFileResponse()`. @publicApi */
export interface ApiFileResponseOptions {
  /** The media type of the file. @default 'application/octet-stream' */
  readonly mediaType?: string;
  /** A description of the file. @default 'The file.' */
  readonly description?: string;
  /** Additional headers of the response. @default none */
  readonly headers?: ApiResponseOptions['headers'];
}

const BINARY = { type: 'string', format: 'binary' } as const;

const header = (description: string, example: string) => ({
  description,
  schema: { type: 'string' as const, example },
});

const ACCEPT_RANGES = header('That parts of the file may be asked for.', 'bytes');
const ETAG = header('The version of the file.', '"3e8-18866a3e2c5c0000"');
const LAST_MODIFIED = header('When the file was changed.', 'Thu, 01 Jan 2026 00:00:00 GMT');
const CONTENT_RANGE = header('The part that this is, and the size of the file.', 'bytes 0-99/1000');
const SIZE = header('The size of the file.', 'bytes */1000');

/**
 * Declares that a route sends a file. Documents the responses for the whole file (200), for ranges (206), for a client
 * that has the current version (304), and for ranges that do not exist (416).
 *
 * @publicApi
 */
export function ApiFileResponse({
  mediaType = 'application/octet-stream',
  description = 'The file.',
  headers,
}: ApiFileResponseOptions = {}): HandlerDecorator<Response> {
  const version = { ETag: ETAG, 'Last-Modified': LAST_MODIFIED };
  return applyDecorators(
    ApiResponse({
      status: 200,
      description,
      content: { [mediaType]: { schema: { ...BINARY } } },
      headers: { 'Accept-Ranges': ACCEPT_RANGES, ...version, ...headers },
    }),
    ApiResponse({
      status: 206,
      description: 'A part of the file, or several.',
      content: {
        [mediaType]: { schema: { ...BINARY } },
        'multipart/byteranges': { schema: { ...BINARY } },
      },
      headers: {
        'Accept-Ranges': ACCEPT_RANGES,
        'Content-Range': CONTENT_RANGE,
        ...version,
        ...headers,
      },
    }),
    ApiResponse({
      status: 304,
      description: 'The client has this version of the file.',
      headers: { ETag: ETAG },
    }),
    ApiResponse({
      status: 416,
      description: 'The file has no such part.',
      headers: { 'Content-Range': SIZE },
    }),
  );
}
