import { stringify } from 'csv-stringify/sync';
import {
  StreamingResponse,
  type RepresentationOptions,
  type ResponseOptions,
  type StreamContent,
} from 'nestjs-responses';

export interface CSVResponseOptions<TRow> extends ResponseOptions {
  /** The properties of a row to send, in this order. @default the properties of the first row */
  readonly columns?: readonly (keyof TRow & string)[];
}

/**
 * Sends each row as a CSV record, after a record with the names of the columns. Dates are written in UTC, in ISO 8601
 * format; null and undefined as an empty field.
 *
 * Source: RFC 4180.
 */
export class CSVResponse<TRow extends object> extends StreamingResponse<TRow> {
  static readonly mediaTypes = ['text/csv'];

  static from<TRow extends object>(
    rows: StreamContent<TRow>,
    options: RepresentationOptions,
  ): CSVResponse<TRow> {
    return new CSVResponse(rows, options);
  }

  override readonly mediaType: string = 'text/csv; charset=utf-8; header=present';
  readonly #columns: readonly (keyof TRow & string)[] | undefined;
  #names: readonly (keyof TRow & string)[] | undefined;

  constructor(
    content: StreamContent<TRow>,
    { columns, ...options }: CSVResponseOptions<TRow> = {},
  ) {
    super(content, options);
    this.#columns = columns;
  }

  encode(row: TRow): string {
    const isFirst = this.#names === undefined;
    const names = (this.#names ??= this.#columns ?? (Object.keys(row) as (keyof TRow & string)[]));
    const values = record(names.map((name) => row[name]));
    return isFirst ? record(names) + values : values;
  }
}

function record(values: readonly unknown[]): string {
  return stringify([[...values]], {
    record_delimiter: 'windows',
    // The library quotes a field with CRLF, but not one with CR or LF alone.
    quoted_match: /[\r\n]/,
    // The library writes a boolean as 1 or nothing, and a date as milliseconds.
    cast: { boolean: String, date: (date) => date.toISOString() },
  });
}
