import type { RakpMeaning } from '../codec/rakp-status.ts';

/** A handshake that came to nothing, while it may yet be decided what follows from it. */
export class HandshakeRefused extends Error {
  override readonly name = 'HandshakeRefused';
  readonly meaning: RakpMeaning;
  /** Before the BMC was told the user's name. */
  readonly beforeName: boolean;

  constructor(meaning: RakpMeaning, text: string, beforeName = false) {
    super(text);
    this.meaning = meaning;
    this.beforeName = beforeName;
  }
}
