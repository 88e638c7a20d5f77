/** How far behind the newest a packet may arrive (IPMI v2.0 §6.12.13: a window of 32, half of it behind). */
const behind = 16;

/**
 * Tells packets of a session that are new from those seen before, though they come out of order: a replayed answer must
 * not pass for the answer to a later request. Ask it only about authenticated packets. Being ahead is no fault, however
 * far, since the authentication code vouches for the number: a strict window would never open again after a burst of
 * lost datagrams.
 */
export class SequenceWindow {
  #newest = 0;
  /** Bit n: whether `#newest - n` was seen. */
  #seen = 0;

  /** True once for each sequence number that is not too old. 0 is for packets outside of sessions. */
  accept(sequence: number): boolean {
    if (sequence === 0) return false;
    const ahead = sequence - this.#newest;
    if (ahead > 0) {
      this.#seen = ahead > behind ? 1 : ((this.#seen << ahead) | 1) & (2 ** (behind + 1) - 1);
      this.#newest = sequence;
      return true;
    }
    const bit = 1 << -ahead;
    if (-ahead > behind || (this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    return true;
  }
}
