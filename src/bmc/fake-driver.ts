import { BmcError } from './bmc-error.ts';
import type {
  BmcCapability,
  BmcCredentials,
  BmcDriver,
  BmcInventory,
  BmcSession,
  BmcTarget,
  BootOverride,
  BootOverrideState,
  CallOptions,
  PowerAction,
  PowerState,
  VirtualMedium,
} from './port.ts';

/** What is asked of a fake BMC: `open`, a read such as `powerState`, or a command such as `power on`. */
export type FakeCall =
  | 'open'
  | 'powerState'
  | `power ${PowerAction}`
  | 'bootOverride'
  | 'setBootOverride'
  | 'virtualMedia'
  | 'insertMedia'
  | 'ejectMedia'
  | 'inventory'
  | 'nmi';

/** Gets in the way of a call: throws, takes its time, counts. */
export type FakeHook = (call: FakeCall, options: CallOptions) => void | Promise<void>;

const everything: readonly BmcCapability[] = ['power', 'bootOverride', 'virtualMedia', 'inventory', 'nmi'];

/** A BMC in memory, obedient unless told otherwise; all may be changed at any time. */
export class FakeBmc {
  state: PowerState = 'off';
  override: BootOverrideState = { active: false };
  media: VirtualMedium[] = [{ kind: 'CD' }];
  parts: BmcInventory = { processors: [], drives: [], networkInterfaces: [] };
  login: BmcCredentials = { username: 'admin', password: 'the-password' };
  capabilities = new Set<BmcCapability>(everything);
  /** Calls taken with a friendly answer and never carried out. */
  readonly ignores = new Set<FakeCall>();
  /** Runs before a call takes effect: what it throws means that nothing happened. */
  before: FakeHook = () => undefined;
  /** Runs after a call took effect: what it throws means that the answer was lost. */
  after: FakeHook = () => undefined;
  /** Every call that arrived, refused ones too. */
  readonly calls: FakeCall[] = [];
  /** Logins that were refused. */
  refusedLogins = 0;
  openSessions = 0;
  /** The most sessions that were ever open at once. */
  mostSessions = 0;

  /** Commands that arrived, in order: what changes something, not what only reads. */
  get commands(): FakeCall[] {
    return this.calls.filter((call) => /^(power |set|insert|eject|nmi)/.test(call));
  }

  /** Runs a call with its hooks, and carries it out unless it is ignored. */
  async run<T>(call: FakeCall, options: CallOptions, effect: () => T): Promise<T> {
    options.signal.throwIfAborted();
    this.calls.push(call);
    await this.before(call, options);
    const result = this.ignores.has(call) ? (undefined as T) : effect();
    await this.after(call, options);
    return result;
  }

  power(action: PowerAction): void {
    if (action === 'on') this.state = 'on';
    else if (action === 'off' || action === 'soft') this.state = 'off';
    // A machine that is off cannot be restarted.
    else if (this.state === 'on' && this.override.persistent === false) this.override = { active: false };
  }
}

/** A driver whose BMCs are objects, by host. A host that is not among them does not answer. */
export class FakeDriver implements BmcDriver {
  readonly provider: string;
  readonly #bmcs: ReadonlyMap<string, FakeBmc>;
  /** What every call to `open` was given. */
  readonly opened: { target: BmcTarget; options: Record<string, unknown> }[] = [];

  constructor(bmcs: ReadonlyMap<string, FakeBmc>, provider = 'fake') {
    this.#bmcs = bmcs;
    this.provider = provider;
  }

  async open(target: BmcTarget, options: CallOptions): Promise<BmcSession> {
    this.opened.push({ target, options: { ...options } });
    const bmc = this.#bmcs.get(target.host);
    if (bmc === undefined) throw new BmcError('unreachable', `connect to ${target.host}: no route to host`);
    await bmc.run('open', options, () => undefined);
    const { username, password } = target.credentials;
    if (username !== bmc.login.username || password !== bmc.login.password) {
      bmc.refusedLogins += 1;
      throw new BmcError('unauthorized', `${target.host} refuses user ${username}`);
    }
    return new FakeSession(this.provider, bmc);
  }
}

/** A driver that has no BMC at all. */
export function emptyDriver(provider = 'empty'): FakeDriver {
  return new FakeDriver(new Map(), provider);
}

/** A driver broken beyond what the port allows: it tells the password, or never comes back and does not hear an abort. */
export function brokenDriver(way: 'tells the password' | 'hangs', provider = 'broken'): BmcDriver {
  return {
    provider,
    open: ({ host, credentials: { username, password } }) => {
      if (way === 'hangs') return new Promise(() => undefined);
      const authorization = Buffer.from(`${username}:${password}`).toString('base64');
      const cause = new Error(`authorization: Basic ${authorization}`);
      return Promise.reject(new Error(`https://${username}:${password}@${host}/: Basic ${authorization}`, { cause }));
    },
  };
}

class FakeSession implements BmcSession {
  readonly provider: string;
  readonly #bmc: FakeBmc;

  constructor(provider: string, bmc: FakeBmc) {
    this.provider = provider;
    this.#bmc = bmc;
    bmc.openSessions += 1;
    bmc.mostSessions = Math.max(bmc.mostSessions, bmc.openSessions);
  }

  get capabilities(): ReadonlySet<BmcCapability> {
    return this.#bmc.capabilities;
  }

  powerState(options: CallOptions): Promise<PowerState> {
    return this.#bmc.run('powerState', options, () => this.#bmc.state);
  }

  power(action: PowerAction, options: CallOptions): Promise<void> {
    return this.#bmc.run(`power ${action}`, options, () => this.#bmc.power(action));
  }

  bootOverride(options: CallOptions): Promise<BootOverrideState> {
    return this.#bmc.run('bootOverride', options, () => ({ ...this.#bmc.override }));
  }

  setBootOverride(override: BootOverride, options: CallOptions): Promise<void> {
    return this.#bmc.run('setBootOverride', options, () => {
      this.#bmc.override = { active: true, ...override };
    });
  }

  virtualMedia(options: CallOptions): Promise<VirtualMedium[]> {
    return this.#bmc.run('virtualMedia', options, () => structuredClone(this.#bmc.media));
  }

  insertMedia({ kind, url }: { kind: string; url: string }, options: CallOptions): Promise<void> {
    return this.#bmc.run('insertMedia', options, () => {
      this.#bmc.media = this.#bmc.media.map((medium) => (medium.kind === kind ? { kind, url } : medium));
    });
  }

  ejectMedia(kind: string, options: CallOptions): Promise<void> {
    return this.#bmc.run('ejectMedia', options, () => {
      this.#bmc.media = this.#bmc.media.map((medium) => (medium.kind === kind ? { kind } : medium));
    });
  }

  inventory(options: CallOptions): Promise<BmcInventory> {
    return this.#bmc.run('inventory', options, () => structuredClone(this.#bmc.parts));
  }

  nmi(options: CallOptions): Promise<void> {
    return this.#bmc.run('nmi', options, () => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#bmc.openSessions -= 1;
    return Promise.resolve();
  }
}
