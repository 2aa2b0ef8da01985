/** A puppy as the database of the application holds it. */
export interface PuppyRow {
  readonly id: number;
  readonly name: string;
  readonly born: Date;
  /** A decimal column, which database drivers give as a string. */
  readonly weight: string;
  readonly chip: string;
  readonly owner: { readonly name: string; readonly phone: string } | null;
}
