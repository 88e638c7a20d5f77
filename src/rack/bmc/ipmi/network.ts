import { type Clock, systemClock } from '../../../api/time/clock.ts';
import type { Dice } from '../dice.ts';
import type { VirtualIpmiBmc } from './bmc.ts';
import { LossyPath, noUdpFaults, type UdpFaults } from './lossy-path.ts';

export interface NetworkOptions {
  clock?: Clock;
  /** In both directions. */
  faults?: UdpFaults;
  /** Pause before every answer, in milliseconds. Default 0. */
  slowMs?: number;
  /** Decides where a fault strikes. Needed for faults with a chance. */
  dice?: Dice;
}

/** What lies between a console and a virtual BMC, with everything that goes wrong there. */
export class Network implements Disposable {
  readonly #bmc: VirtualIpmiBmc;
  readonly #clock: Clock;
  readonly #slowMs: number;
  readonly #there: LossyPath;
  readonly #back: LossyPath;
  readonly #waiting = new Set<() => void>();

  constructor(bmc: VirtualIpmiBmc, options: NetworkOptions = {}) {
    const { clock = systemClock, faults = noUdpFaults, slowMs = 0, dice } = options;
    this.#bmc = bmc;
    this.#clock = clock;
    this.#slowMs = slowMs;
    this.#there = new LossyPath(clock, faults, dice);
    this.#back = new LossyPath(clock, faults, dice);
  }

  /** Takes a datagram to the BMC, and answers back: none, one or two, now or later. */
  carry(datagram: Buffer, reply: (answer: Buffer) => void): void {
    this.#there.send(() => {
      const answer = this.#bmc.receive(datagram);
      if (answer !== undefined) this.#afterPause(() => this.#back.send(() => reply(answer)));
    });
  }

  /** Loses what is on its way, and stops every timer. */
  [Symbol.dispose](): void {
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
    this.#there[Symbol.dispose]();
    this.#back[Symbol.dispose]();
  }

  #afterPause(proceed: () => void): void {
    if (this.#slowMs === 0) {
      proceed();
      return;
    }
    const cancel = this.#clock.after(this.#slowMs, () => {
      this.#waiting.delete(cancel);
      proceed();
    });
    this.#waiting.add(cancel);
  }
}
