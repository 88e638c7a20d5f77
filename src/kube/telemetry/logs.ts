import type { Logger } from 'pino';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import {
  admissionDone,
  leadershipChanged,
  managerChanged,
  managerWaiting,
  reconcileDone,
  reflectorFailed,
  reflectorListed,
  requestDone,
  runnableFailed,
  runtimeWarning,
} from './channels.ts';
import { errorFields } from './error-fields.ts';
import { Repetition } from './repetition.ts';

/** The part of a logger used here. */
export type RuntimeLogger = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'>;

export interface LogOptions {
  /** A failure that stays the same is told again after so long, with a count. Default 60. */
  repeatSeconds?: number;
  clock?: Clock;
}

/**
 * Turns what the runtime tells about itself into log lines: names, counts, times and reasons, never objects or secrets.
 * @returns the way to stop
 */
export function logRuntime(logger: RuntimeLogger, options: LogOptions = {}): () => void {
  const repetition = new Repetition(options.clock ?? systemClock, options.repeatSeconds ?? 60);
  const stops = [
    ...logManager(logger),
    ...logReflectors(logger, repetition),
    logReconciles(logger),
    leadershipChanged.subscribe(({ leading, ...fields }) => {
      logger.info({ ...fields, leading }, leading ? 'leading' : 'not leading any more');
    }),
    admissionDone.subscribe((fields) => {
      if (fields.code >= 500) logger.error(fields, 'admission request failed');
      else logger.debug(fields, 'admission request answered');
    }),
    requestDone.subscribe((fields) => logger.trace(fields, 'request to the API server')),
    runtimeWarning.subscribe(({ what, error }) => {
      const fields = errorFields(error);
      const held = repetition.tell(`warning ${what}`, fields.message);
      if (held !== undefined) logger.warn({ error: fields, ...times(held) }, what);
    }),
  ];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

function logManager(logger: RuntimeLogger): (() => void)[] {
  return [
    managerChanged.subscribe(({ state }) => logger.info(`manager ${state}`)),
    managerWaiting.subscribe(({ waiting }) => {
      for (const { what, reason, since } of waiting) {
        logger.info({ what, since: since.toISOString(), reason: errorFields(reason).message }, 'waiting');
      }
    }),
    runnableFailed.subscribe(({ runnable, error }) => {
      logger.error({ runnable, error: errorFields(error, { stack: true }) }, 'failed, the manager stops');
    }),
  ];
}

function logReflectors(logger: RuntimeLogger, repetition: Repetition): (() => void)[] {
  return [
    reflectorFailed.subscribe(({ resource, phase, error, retrySeconds }) => {
      const fields = errorFields(error);
      // What differs between two attempts is no news.
      const held = repetition.tell(
        `reflector ${resource}`,
        `${phase} ${fields.type} ${fields.reason ?? fields.message}`,
      );
      const line = { resource, phase, retrySeconds, error: fields };
      if (held === undefined) logger.debug(line, 'cannot keep up with the API server');
      else logger.warn({ ...line, ...times(held) }, 'cannot keep up with the API server');
    }),
    reflectorListed.subscribe((fields) => {
      if (repetition.forget(`reflector ${fields.resource}`)) logger.info(fields, 'up to date again');
      else logger.debug(fields, 'listed');
    }),
  ];
}

function logReconciles(logger: RuntimeLogger): () => void {
  return reconcileDone.subscribe(({ error, panicked, ...fields }) => {
    if (error === undefined) return logger.debug(fields, 'reconciled');
    const failed = { ...fields, error: errorFields(error, { stack: panicked === true }) };
    // A conflict is how optimistic locking works, and an abort how a stop works.
    if (fields.result === 'requeue' || isAbort(error)) return logger.debug(failed, 'reconcile will be repeated');
    return logger.error(failed, panicked ? 'reconcile failed by a bug' : 'reconcile failed');
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function times(held: number): { repeated?: number } {
  return held === 0 ? {} : { repeated: held };
}
