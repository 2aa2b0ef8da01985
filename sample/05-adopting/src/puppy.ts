/** A puppy in the database of the application. */
export interface PuppyRow {
  readonly id: number;
  readonly name: string;
  readonly born: Date;
  /** A decimal column, which database drivers return as a string. */
  readonly weight: string;
  readonly chip: string;
  readonly owner: { readonly name: string; readonly phone: string } | null;
}
