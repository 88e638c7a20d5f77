import type { Connection } from '../../../api/bmc/v1alpha1/connection.ts';
import { type Clock, sleep } from '../../../api/time/clock.ts';
import { timestamp } from '../../../api/time/timestamp.ts';
import { BmcError } from '../../bmc-error.ts';
import type { BmcCapability, BmcCredentials, BmcSession } from '../../port.ts';
import { type BmcProvider, bmcKeyOf, orderedProviders } from '../../providers.ts';
import { publishTrouble } from '../../telemetry/channels.ts';
import type { BmcSettings } from '../settings.ts';
import { CallGuard } from './call-guard.ts';
import { BmcFailure, decisiveKind, type Problem, problemText } from './failure.ts';
import { GuardedSession } from './guarded-session.ts';
import type { Purpose } from './line.ts';
import type { Login } from './login.ts';
import { Site } from './site.ts';
import { isAnswer, isLeftAlone, nextTryMs, type Trouble } from './trouble.ts';

/** Who wants what of which BMC. */
export interface BmcRequest {
  connection: Connection;
  credentials: BmcCredentials;
  purpose: Purpose;
  /** Only providers that can do this are used. */
  needs: BmcCapability;
  signal: AbortSignal;
}

export interface BmcAnswer<T> {
  value: T;
  /** The provider that did it. */
  provider: string;
  /** Who answered, and what stood in the way of those before it; the same text while nothing changes. */
  note: string;
}

/**
 * The only way of the reconcilers to BMCs. A BMC is asked one thing at a time and not too often; one that does not
 * answer is left alone for a growing while, a login that it refuses even longer; providers are tried in order.
 */
export class BmcAccess {
  readonly #providers: readonly BmcProvider[];
  readonly #settings: BmcSettings;
  readonly #clock: Clock;
  readonly #sites = new Map<string, Site>();

  constructor(providers: readonly BmcProvider[], settings: BmcSettings, clock: Clock) {
    this.#providers = providers;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** BMCs that are remembered. */
  get size(): number {
    return this.#sites.size;
  }

  /**
   * Opens a session and gives it to `work`, whose calls are all guarded. When the BMC refuses what `work` asks, or
   * cannot do it, `work` runs again with the next provider; anything else it throws ends it.
   * @throws BmcFailure; CaptError BMC_NO_PROVIDER; what `work` throws besides BmcError
   */
  async use<T>(request: BmcRequest, work: (session: BmcSession) => Promise<T>): Promise<BmcAnswer<T>> {
    const { connection, credentials, purpose, signal } = request;
    const providers = orderedProviders(this.#providers, connection);
    const site = this.#site(bmcKeyOf(connection));
    using _turn = await site.line.enter(purpose, signal);
    const login = site.login(credentials);
    // Looked at when it is our turn: whoever went before may have found the BMC dead.
    const { trouble } = login;
    if (trouble !== undefined && nextTryMs(trouble, purpose, this.#settings) > this.#clock.now()) {
      throw this.#failure(connection, trouble, purpose);
    }
    const waitMs = site.pace.takeMs();
    if (waitMs > 0) await sleep(this.#clock, waitMs, signal);
    signal.throwIfAborted();
    return await this.#try(request, login.order(providers, this.#clock.now()), login, work);
  }

  async #try<T>(
    request: BmcRequest,
    providers: readonly BmcProvider[],
    login: Login,
    work: (session: BmcSession) => Promise<T>,
  ): Promise<BmcAnswer<T>> {
    const problems: Problem[] = [];
    const endMs = this.#clock.monotonic() + this.#settings.connectTimeoutSeconds * 1000;
    for (const [index, provider] of providers.entries()) {
      // What one provider does not use of its share is there for those after it.
      const seconds = Math.max(0.001, (endMs - this.#clock.monotonic()) / 1000 / (providers.length - index));
      try {
        const value = await this.#with(request, provider, seconds, work);
        login.answered(provider.name, problems, this.#clock.now(), this.#settings);
        return { value, provider: provider.name, note: this.#note(provider.name, problems, login) };
      } catch (error) {
        if (error instanceof BmcError) problems.push(problemOf(provider, error));
        if (!(error instanceof BmcError) || (error instanceof WorkError && !isAnswer(error.kind))) {
          throw this.#ended(request, problems, login, error);
        }
      }
    }
    throw this.#allFailed(request, problems, login);
  }

  async #with<T>(
    { connection, credentials, needs, signal }: BmcRequest,
    provider: BmcProvider,
    seconds: number,
    work: (session: BmcSession) => Promise<T>,
  ): Promise<T> {
    const guard = new CallGuard(this.#clock, credentials, { bmc: connection.host, provider: provider.name });
    const opened = await guard.run(
      'open a session',
      seconds,
      signal,
      (call) => provider.open(connection, credentials, call),
      (late) => late[Symbol.asyncDispose](),
    );
    await using session = new GuardedSession(opened, guard, this.#settings.callTimeoutSeconds);
    if (!session.capabilities.has(needs)) throw new BmcError('unsupported', `no ${capabilityNames[needs]}`);
    try {
      return await work(session);
    } catch (error) {
      throw error instanceof BmcError ? new WorkError(error) : error;
    }
  }

  /** The BMC was open when the work ended: other providers must not begin it again. */
  #ended(request: BmcRequest, problems: readonly Problem[], login: Login, error: unknown): unknown {
    if (error instanceof BmcError) return this.#allFailed(request, problems.slice(-1), login);
    if (!request.signal.aborted) login.trouble = undefined;
    return error;
  }

  #allFailed({ connection, purpose }: BmcRequest, problems: readonly Problem[], login: Login): BmcFailure {
    const kind = decisiveKind(problems);
    const cause = problemText(problems);
    if (isAnswer(kind)) {
      login.trouble = undefined;
      return new BmcFailure(kind, connection.host, cause);
    }
    const retryAfterSeconds = Math.max(...problems.map((problem) => problem.retryAfterSeconds));
    const trouble = login.failed({ kind, cause, retryAfterSeconds }, this.#clock.now());
    const nextTry = timestamp(nextTryMs(trouble, purpose, this.#settings));
    publishTrouble({ bmc: connection.host, kind, message: cause, failures: trouble.failures, nextTry });
    return this.#failure(connection, trouble, purpose);
  }

  #failure({ host }: Connection, trouble: Trouble, purpose: Purpose): BmcFailure {
    const next = nextTryMs(trouble, purpose, this.#settings);
    const tries = trouble.failures === 1 ? 'once' : `${trouble.failures} times`;
    const rest = isLeftAlone(trouble, this.#settings) ? 'left alone until' : 'next try';
    const when = `failed ${tries} since ${timestamp(trouble.sinceMs)}, ${rest} ${timestamp(next)}`;
    return new BmcFailure(trouble.kind, host, `${trouble.cause} (${when})`, next);
  }

  #note(provider: string, problems: readonly Problem[], login: Login): string {
    const known = new Set([provider, ...problems.map((problem) => problem.provider)]);
    const others = [...problems, ...login.heldAgainst(known)].sort((a, b) => (a.provider < b.provider ? -1 : 1));
    return [`answered by ${provider}`, ...(others.length === 0 ? [] : [`not by ${problemText(others)}`])].join(', ');
  }

  #site(key: string): Site {
    let site = this.#sites.get(key);
    if (site === undefined) {
      // Whenever a BMC is new, those that went away in the meantime are forgotten.
      for (const [known, { forgettable }] of this.#sites) if (forgettable) this.#sites.delete(known);
      site = new Site(this.#clock, this.#settings);
      this.#sites.set(key, site);
    }
    return site;
  }
}

const capabilityNames: Readonly<Record<BmcCapability, string>> = {
  power: 'power control',
  bootOverride: 'choice of the boot device',
  virtualMedia: 'virtual media',
  inventory: 'inventory',
  nmi: 'non-maskable interrupt',
};

/** A BmcError that came after the session was open. */
class WorkError extends BmcError {
  constructor({ kind, message, retryAfterSeconds }: BmcError) {
    super(kind, message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}

function problemOf({ name }: BmcProvider, { kind, message, retryAfterSeconds = 0 }: BmcError): Problem {
  return { provider: name, kind, message, retryAfterSeconds };
}
