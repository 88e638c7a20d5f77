/**
 * Numbers for the messages of session set-up. One source for all handshakes on a wire: a late copy of a refusal, which
 * may name nothing but its tag, must not pass for the answer to the next handshake.
 */
export class Tags {
  #last = 0;

  next(): number {
    this.#last = (this.#last + 1) % 256;
    return this.#last;
  }
}
