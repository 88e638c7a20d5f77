import { createHash } from 'node:crypto';
import type { BmcCredentials } from '../../port.ts';
import type { BmcProvider } from '../../providers.ts';
import type { BmcSettings } from '../settings.ts';
import type { Problem } from './failure.ts';
import type { Trouble } from './trouble.ts';

/** What was learnt of one login at one BMC; forgotten with the process, and with the login when the Secret changes. */
export class Login {
  trouble: Trouble | undefined;
  readonly #putBack = new Map<string, { untilMs: number; problem: Problem }>();

  /** The providers in the order to try: those that lately failed where another answered come last. */
  order(providers: readonly BmcProvider[], nowMs: number): BmcProvider[] {
    for (const [name, { untilMs }] of this.#putBack) if (untilMs <= nowMs) this.#putBack.delete(name);
    const [first, last] = [true, false].map((now) => providers.filter(({ name }) => this.#putBack.has(name) !== now));
    return [...(first ?? []), ...(last ?? [])];
  }

  /** What is held against providers at present, those in `except` left out. */
  heldAgainst(except: ReadonlySet<string>): Problem[] {
    return [...this.#putBack.values()].map(({ problem }) => problem).filter(({ provider }) => !except.has(provider));
  }

  /** One provider answered, after these problems with others. */
  answered(provider: string, problems: readonly Problem[], nowMs: number, settings: BmcSettings): void {
    this.trouble = undefined;
    this.#putBack.delete(provider);
    for (const problem of problems) {
      const seconds = problem.kind === 'unauthorized' ? settings.refusedMaxSeconds : settings.providerRetrySeconds;
      // What a provider cannot do today says nothing about what it can do tomorrow in another matter.
      if (problem.kind === 'unsupported' || problem.kind === 'rejected') continue;
      this.#putBack.set(problem.provider, { untilMs: nowMs + seconds * 1000, problem });
    }
  }

  /** Counts a failure of all providers. */
  failed(failure: Pick<Trouble, 'kind' | 'cause' | 'retryAfterSeconds'>, nowMs: number): Trouble {
    // A refused login counts by itself: its waits are longer.
    const same = (this.trouble?.kind === 'unauthorized') === (failure.kind === 'unauthorized');
    const row = same ? this.trouble : undefined;
    this.trouble = { ...failure, failures: (row?.failures ?? 0) + 1, sinceMs: row?.sinceMs ?? nowMs, lastMs: nowMs };
    return this.trouble;
  }
}

/** Tells logins apart without keeping them. */
export function fingerprintOf({ username, password }: BmcCredentials): string {
  return createHash('sha256')
    .update(JSON.stringify([username, password]))
    .digest('base64');
}
