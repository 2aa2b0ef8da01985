import { stringify } from 'csv-stringify/sync';
import {
  StreamingResponse,
  type RepresentationOptions,
  type StreamContent,
} from 'nestjs-responses';

/** Sends rows as CSV, with a header line. The columns are the properties of the first row. */
export class CSVResponse<TRow extends object> extends StreamingResponse<TRow> {
  static readonly mediaTypes = ['text/csv'];

  static from<TRow extends object>(
    rows: StreamContent<TRow>,
    options: RepresentationOptions,
  ): CSVResponse<TRow> {
    return new CSVResponse(rows, options);
  }

  override readonly mediaType = 'text/csv';
  #columns: readonly string[] | undefined;

  encode(row: TRow): string {
    const header = this.#columns === undefined;
    const columns = (this.#columns ??= Object.keys(row));
    return stringify([row], { columns: [...columns], header, record_delimiter: 'windows' });
  }
}
