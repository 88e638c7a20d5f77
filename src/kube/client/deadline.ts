import { type Clock, systemClock } from '../../api/time/clock.ts';

/** The reason of an abort that came from a deadline, not from the caller. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(seconds: number) {
    super(`no answer within ${seconds} s`);
  }
}

/**
 * A signal that aborts with `parent` or after `seconds`, whichever comes first. Dispose it when the work is over;
 * unlike `AbortSignal.any` it then leaves nothing behind on a long-lived parent.
 */
export class Deadline implements Disposable {
  readonly signal: AbortSignal;
  readonly #release: () => void;

  constructor(parent: AbortSignal | undefined, seconds: number, clock: Clock = systemClock) {
    const controller = new AbortController();
    const abort = () => controller.abort(parent?.reason);
    const cancel = Number.isFinite(seconds)
      ? clock.after(seconds * 1000, () => controller.abort(new DeadlineExceeded(seconds)))
      : () => {};
    if (parent?.aborted) abort();
    else parent?.addEventListener('abort', abort, { once: true });
    this.signal = controller.signal;
    this.#release = () => {
      cancel();
      parent?.removeEventListener('abort', abort);
    };
  }

  [Symbol.dispose](): void {
    this.#release();
  }
}
