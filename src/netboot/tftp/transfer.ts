/**
 * One file on its way to one client: which blocks to send when (RFC 1350, RFC 7440), without any I/O or clock.
 * Blocks count from 1 and go on counting; packets carry the low 16 bits, so that files may have any number of blocks.
 */
export class Transfer {
  readonly blocks: number;
  readonly #windowBlocks: number;
  /** Everything up to here has arrived. -1: the client has not yet confirmed the options. */
  #acknowledged: number;
  /** Everything up to here was sent. */
  #sent = 0;
  /** A go-back to the start of this window was done; another one must wait for the timeout. */
  #wentBack = false;

  /** @param options whether options were confirmed: the client then acknowledges block 0 first */
  constructor(sizeBytes: number, how: { blockSizeBytes: number; windowBlocks: number; options: boolean }) {
    // A file that fills its last block ends with an empty one.
    this.blocks = Math.floor(sizeBytes / how.blockSizeBytes) + 1;
    this.#windowBlocks = how.windowBlocks;
    this.#acknowledged = how.options ? -1 : 0;
  }

  get done(): boolean {
    return this.#acknowledged === this.blocks;
  }

  /** True while the options are unconfirmed: what is to be sent is their packet. */
  get offering(): boolean {
    return this.#acknowledged === -1;
  }

  /** Up to where everything was sent. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * Takes an ACK.
   * @param block the 16 bits of the packet
   * @returns true when `next` has something to send now
   */
  acknowledge(block: number): boolean {
    if (this.#acknowledged === -1) {
      if (block !== 0) return false;
      this.#acknowledged = 0;
      return true;
    }
    const ahead = (block - this.#acknowledged) & 0xffff;
    if (ahead === 0) return this.#goBack();
    if (ahead > this.#sent - this.#acknowledged) return false;
    this.#acknowledged += ahead;
    // What is after it got lost, or the client would have acknowledged the whole window (RFC 7440 section 4).
    this.#sent = this.#acknowledged;
    this.#wentBack = false;
    return !this.done;
  }

  /**
   * The start of this window did not arrive. With windows of one block it means nothing: answering a repeated ACK would
   * double every packet from here on (the "sorcerer's apprentice"); the timeout takes care of it.
   */
  #goBack(): boolean {
    if (this.#windowBlocks === 1 || this.#wentBack || this.#sent === this.#acknowledged) return false;
    this.#wentBack = true;
    this.#sent = this.#acknowledged;
    return true;
  }

  /** Nothing was heard for too long: sends the window again. */
  rewind(): void {
    if (this.#acknowledged >= 0) this.#sent = this.#acknowledged;
  }

  /** @returns the number of the next block to send, 0 when an ACK has to come first */
  next(): number {
    if (this.#acknowledged === -1 || this.#sent >= this.blocks) return 0;
    if (this.#sent - this.#acknowledged >= this.#windowBlocks) return 0;
    return ++this.#sent;
  }
}
