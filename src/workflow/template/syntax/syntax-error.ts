/** Why a text is no template. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault';
  readonly line: number;
  /** Byte offset of the token at which parsing stopped. */
  readonly at: number;

  /** The message is in Go's words, as bytes. */
  constructor(message: string, line: number, at: number) {
    super(message);
    this.line = line;
    this.at = at;
  }
}
