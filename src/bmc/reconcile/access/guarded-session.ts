import type {
  BmcCapability,
  BmcInventory,
  BmcSession,
  BootOverride,
  BootOverrideState,
  CallOptions,
  PowerAction,
  PowerState,
  VirtualMedium,
} from '../../port.ts';
import type { CallGuard } from './call-guard.ts';

const closeTimeoutSeconds = 5;

/** A session whose calls all go through a guard. */
export class GuardedSession implements BmcSession {
  readonly provider: string;
  readonly capabilities: ReadonlySet<BmcCapability>;
  readonly #session: BmcSession;
  readonly #guard: CallGuard;
  readonly #seconds: number;

  constructor(session: BmcSession, guard: CallGuard, callTimeoutSeconds: number) {
    this.provider = session.provider;
    this.capabilities = session.capabilities;
    this.#session = session;
    this.#guard = guard;
    this.#seconds = callTimeoutSeconds;
  }

  powerState({ signal }: CallOptions): Promise<PowerState> {
    return this.#run('power state', signal, (options) => this.#session.powerState(options));
  }

  power(action: PowerAction, { signal }: CallOptions): Promise<void> {
    return this.#run(`power ${action}`, signal, (options) => this.#session.power(action, options));
  }

  bootOverride({ signal }: CallOptions): Promise<BootOverrideState> {
    return this.#run('boot device', signal, (options) => this.#session.bootOverride(options));
  }

  setBootOverride(override: BootOverride, { signal }: CallOptions): Promise<void> {
    return this.#run('set boot device', signal, (options) => this.#session.setBootOverride(override, options));
  }

  virtualMedia({ signal }: CallOptions): Promise<VirtualMedium[]> {
    return this.#run('virtual media', signal, (options) => this.#session.virtualMedia(options));
  }

  insertMedia(medium: { kind: string; url: string }, { signal }: CallOptions): Promise<void> {
    return this.#run('insert media', signal, (options) => this.#session.insertMedia(medium, options));
  }

  ejectMedia(kind: string, { signal }: CallOptions): Promise<void> {
    return this.#run('eject media', signal, (options) => this.#session.ejectMedia(kind, options));
  }

  inventory({ signal }: CallOptions): Promise<BmcInventory> {
    return this.#run('inventory', signal, (options) => this.#session.inventory(options));
  }

  nmi({ signal }: CallOptions): Promise<void> {
    return this.#run('nmi', signal, (options) => this.#session.nmi(options));
  }

  /** Never throws: a farewell that goes wrong changes nothing about what was done. */
  async [Symbol.asyncDispose](): Promise<void> {
    const close = async () => this.#session[Symbol.asyncDispose]();
    await this.#guard.run('close', closeTimeoutSeconds, new AbortController().signal, close).catch(() => undefined);
  }

  #run<T>(what: string, signal: AbortSignal, call: (options: CallOptions) => Promise<T>): Promise<T> {
    return this.#guard.run(what, this.#seconds, signal, call);
  }
}
