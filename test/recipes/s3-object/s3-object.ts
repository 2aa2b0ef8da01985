import { GetObjectCommand, HeadObjectCommand, NotFound, type S3Client } from '@aws-sdk/client-s3';
import { NotFoundException } from '@nestjs/common';
import type { BlobLike } from 'nestjs-responses';
import type { Readable } from 'node:stream';

/** An S3 object as the source of a file. Fetches only the ranges that a client requests. */
export class S3Object implements BlobLike {
  private constructor(
    private readonly get: (range: string, signal: AbortSignal) => Promise<Readable>,
    readonly size: number,
    readonly type: string | undefined,
    readonly etag: string,
    readonly lastModified: number | undefined,
  ) {}

  /** Requests the size and the version. Throws a `NotFoundException` if the object does not exist. */
  static async open(client: S3Client, Bucket: string, Key: string): Promise<S3Object> {
    const head = await client.send(new HeadObjectCommand({ Bucket, Key })).catch((error) => {
      throw error instanceof NotFound ? new NotFoundException() : error;
    });
    const { ContentLength = 0, ContentType, ETag = '""', LastModified } = head;
    const get = async (Range: string, abortSignal: AbortSignal) => {
      // `IfMatch` fails if the object has been replaced meanwhile, so that two versions are never mixed.
      const command = new GetObjectCommand({ Bucket, Key, Range, IfMatch: ETag });
      return (await client.send(command, { abortSignal })).Body as Readable;
    };
    return new S3Object(get, ContentLength, ContentType, ETag, LastModified?.getTime());
  }

  slice(start: number, end: number) {
    return {
      stream: ({ signal }: { signal: AbortSignal }) =>
        this.get(`bytes=${start}-${end - 1}`, signal),
    };
  }
}
