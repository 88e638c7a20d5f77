/** One row of the error table. `{placeholders}` in the texts are filled from the details given when it is thrown. */
export interface ErrorEntry {
  /** What went wrong, naming the field, file, address or object. */
  readonly message: string;
  /** The next step, in the imperative. */
  readonly hint: string;
  /** True when the same action may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}
