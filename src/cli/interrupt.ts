import { CaptError } from '../api/errors/capt-error.ts';

/** Turns Ctrl-C, SIGTERM and a closed terminal into an `AbortSignal` for as long as a command runs. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * From now until disposal the first of these signals aborts `signal` with `INTERRUPTED`; later ones are ignored: what is
 * being ended then has deadlines of its own.
 */
export function catchInterrupts(): Interrupt {
  const controller = new AbortController();
  const abort = () => controller.abort(new CaptError('INTERRUPTED'));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, abort);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, abort);
    },
  };
}
