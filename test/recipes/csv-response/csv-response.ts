import { stringify } from 'csv-stringify/sync';
import {
  StreamingResponse,
  type ResponseOptions,
  type StreamContent,
  type StreamFrame,
} from 'nestjs-responses';

export interface CSVResponseOptions<TRow> extends ResponseOptions {
  /** The properties of a row that are sent, in this order; their names are the first record. */
  readonly columns: readonly (keyof TRow & string)[];
}

/**
 * Sends each row as a record of CSV. Instants are written in UTC, by ISO 8601; null and undefined as an empty field.
 *
 * Source: RFC 4180.
 */
export class CSVResponse<TRow extends object> extends StreamingResponse<TRow> {
  override readonly mediaType: string = 'text/csv; charset=utf-8; header=present';
  readonly #columns: readonly (keyof TRow & string)[];

  constructor(content: StreamContent<TRow>, { columns, ...options }: CSVResponseOptions<TRow>) {
    super(content, options);
    this.#columns = columns;
  }

  encode(row: TRow): string {
    return record(this.#columns.map((column) => row[column]));
  }

  protected override frame(): StreamFrame {
    return { preamble: record(this.#columns) };
  }
}

function record(values: readonly unknown[]): string {
  return stringify([[...values]], {
    record_delimiter: 'windows',
    // The library quotes a field with CRLF, but none with one of the two alone.
    quoted_match: /[\r\n]/,
    // The library writes a boolean as 1 or nothing, and an instant as milliseconds.
    cast: { boolean: String, date: (date) => date.toISOString() },
  });
}
