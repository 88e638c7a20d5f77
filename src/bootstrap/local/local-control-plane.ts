import { constants } from 'node:os';
import { CaptError } from '../../api/errors/capt-error.ts';
import { type BackoffOptions, defaultBackoff } from '../process/backoff.ts';
import { endProcesses } from '../process/end.ts';
import { directorySetting, fileFailure } from '../process/file-failure.ts';
import { type FileLock, tryLock } from '../process/file-lock.ts';
import { ownIdentity, type ProcessIdentity } from '../process/identity.ts';
import type { ProcessStatus } from '../process/supervised.ts';
import { Supervisor } from '../process/supervisor.ts';
import { serverUrl } from './endpoint.ts';
import { clientCredentials, makeFolders, writeFiles } from './files.ts';
import type { ClientCredentials } from './kubeconfig.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { Pki } from './pki/pki.ts';
import { type PortPlanOptions, planPorts } from './port-plan.ts';
import { requireFreePort } from './ports.ts';
import type { ProgramName, Programs } from './programs.ts';
import { survivingProcesses } from './recorded.ts';
import { type ControlPlanePorts, controlPlaneSpecs, processEnvironment } from './specs.ts';
import { type ControlPlaneState, readState } from './state.ts';
import { StateRecord } from './state-record.ts';

export interface LocalControlPlaneOptions {
  /** Folder of everything: data, keys, logs, kubeconfig. Made when missing; another start on it finds the data again. */
  directory: string;
  programs: Programs;
  /** Port of the API server; 0 for any free one. The last one used in `directory` (else 6443) if not given. */
  port?: number | undefined;
  /** Address the API server listens on; 127.0.0.1 if not given. etcd and the controllers never leave loopback. */
  listenAddress?: string | undefined;
  /** Faster, and loses data when the machine (not a process) dies: for tests. */
  unsafeNoFsync?: boolean;
  /** File that gets a line for every request to the API server: who, what, what came of it. None if not given. */
  auditLog?: string | undefined;
  /** Sent by the kernel to every process when ours is gone, however it went. Understood by our own build only. */
  parentDeathSignal?: NodeJS.Signals | undefined;
  /** How long each process may take to become ready; 180,000 ms if not given. One that ends is seen at once. */
  readyTimeoutMs?: number;
  /** How long each process may take to end before it is killed; 10,000 ms if not given. */
  stopGraceMs?: number;
  /** How fast a process that dies is started again. */
  backoff?: BackoffOptions;
  /** Gets a line for a person now and then. */
  report?: (line: string) => void;
  /** Aborts the start (what was started is ended). Has no effect on a running control plane: that is for `stop`. */
  signal?: AbortSignal | undefined;
  now?: () => Date;
}

/** How often other ports are tried when another program took one between choosing and using it. */
const portAttempts = 3;

/**
 * A real Kubernetes control plane (etcd, kube-apiserver, kube-controller-manager), supervised by this process: what dies
 * is started again; data and keys stay in the folder. `start` and `stop` may be called any number of times, at any time,
 * also at once; `stop` after half a start ends what was started. A stopped one is done: make another for the same folder.
 */
export class LocalControlPlane implements AsyncDisposable {
  readonly #options: LocalControlPlaneOptions;
  readonly #layout: Layout;
  readonly #stopping = new AbortController();
  #lock: FileLock | undefined;
  #supervisor: Supervisor | undefined;
  #record: StateRecord | undefined;
  #pki: Pki | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: LocalControlPlaneOptions) {
    this.#options = options;
    this.#layout = layoutOf(options.directory);
  }

  /** Makes and starts one. Throws as `start()` does. */
  static async start(options: LocalControlPlaneOptions): Promise<LocalControlPlane> {
    const controlPlane = new LocalControlPlane(options);
    await controlPlane.start();
    return controlPlane;
  }

  /**
   * Starts everything and resolves once the API server and the controllers are ready. When it fails, what was started has
   * been ended again. Throws `NOT_LINUX`, `CONTROL_PLANE_LOCKED`, `PORT_IN_USE`, `LISTEN_FAILED`,
   * `DIRECTORY_NOT_WRITABLE`, `DISK_FULL`, `CONTROL_PLANE_NOT_READY`, or the signal's reason.
   */
  start(): Promise<void> {
    this.#started ??= this.#startOrEnd();
    return this.#started;
  }

  /** Ends all processes in reverse order and gives the folder free. Throws `STOP_INCOMPLETE`. */
  stop(): Promise<void> {
    this.#stopping.abort(new CaptError('INTERRUPTED'));
    this.#stopped ??= (this.#started ?? Promise.resolve()).catch(() => undefined).then(() => this.#end('stopped'));
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get directory(): string {
    return this.#layout.directory;
  }

  /** Path of the administrator's kubeconfig (mode 0600, certificates inside). */
  get kubeconfigFile(): string {
    return this.#layout.kubeconfig;
  }

  /** Who the administrator is towards the API server, for clients that take PEM. Only after `start`. */
  get adminCredentials(): ClientCredentials {
    if (this.#pki === undefined || this.#record === undefined) throw new Error('the control plane is not started');
    return clientCredentials(this.#pki, 'admin', this.#record.current.server);
  }

  /** Every process, in the order of starting. */
  get processes(): readonly ProcessStatus[] {
    return this.#supervisor?.statuses ?? [];
  }

  /** Sends a signal to one process, to see what happens; false when it is not alive at the moment. */
  kill(name: ProgramName, signal: NodeJS.Signals = 'SIGKILL'): boolean {
    return this.#supervisor?.process(name).signal(signal) ?? false;
  }

  /** Resolves when all processes are ready (again). False when they were not within `timeoutMs`. */
  async waitUntilReady(options: { timeoutMs: number; signal?: AbortSignal }): Promise<boolean> {
    return (await this.#supervisor?.waitUntilReady(options)) ?? false;
  }

  async #startOrEnd(): Promise<void> {
    const { signal } = this.#options;
    const either = signal === undefined ? this.#stopping.signal : AbortSignal.any([signal, this.#stopping.signal]);
    try {
      either.throwIfAborted();
      await this.#start(either);
      this.#record?.update({ phase: 'ready' });
    } catch (error) {
      await this.#end(this.#stopping.signal.aborted ? 'stopped' : 'failed');
      throw fileFailure(error, this.directory, 'starting the control plane', directorySetting);
    }
  }

  async #start(signal: AbortSignal): Promise<void> {
    const supervisor = ownIdentity();
    makeFolders(this.#layout);
    this.#lock = await this.#takeLock();
    const previous = readState(this.#layout.state);
    if (previous !== undefined) await this.#endSurvivors(previous);
    let kept: PortPlanOptions['previous'] = previous;
    for (let attempt = 1; ; attempt += 1) {
      const ports = await planPorts({
        listenAddress: this.#listenAddress,
        requested: this.#options.port,
        previous: kept,
      });
      const record = this.#newRecord(supervisor, ports);
      const { server } = record.current;
      this.#record = record;
      this.#pki = await writeFiles(this.#layout, { listenAddress: this.#listenAddress, server, now: this.#now() });
      if (await this.#startProcesses(this.#pki, ports, signal, attempt < portAttempts)) return;
      this.#report('another program took a port meanwhile: choosing others');
      kept = { port: ports.api };
    }
  }

  /** False when other ports should be tried. */
  async #startProcesses(pki: Pki, ports: ControlPlanePorts, signal: AbortSignal, mayRetry: boolean): Promise<boolean> {
    const { programs, unsafeNoFsync = false, readyTimeoutMs = 180_000, backoff = defaultBackoff } = this.#options;
    const layout = this.#layout;
    const environment = this.#processEnvironment();
    const specs = controlPlaneSpecs({
      layout,
      programs,
      pki,
      ports,
      unsafeNoFsync,
      environment,
      auditLog: this.#options.auditLog,
      listenAddress: this.#listenAddress,
    });
    const onChange = ({ name, state, lastExit }: ProcessStatus) => {
      this.#record?.update({ processes: [...this.processes] });
      if (state === 'waiting') this.#report(`${name} ${lastExit ?? 'ended'}: starting it again`);
    };
    const supervisor = new Supervisor(specs, { backoff, onChange, now: this.#now, rotateIntervalMs: 10_000 });
    this.#supervisor = supervisor;
    try {
      await supervisor.start({ readyTimeoutMs, signal });
      return true;
    } catch (error) {
      const collided = supervisor.lostPort();
      if (collided === undefined) throw error;
      await supervisor.stop({ graceMs: this.#stopGraceMs });
      // Of all ports only this one may be the user's choice; then it stays chosen.
      if (collided === 'kube-apiserver') await this.#requireApiPort(ports.api);
      if (!mayRetry) throw error;
      return false;
    }
  }

  /** Ends what runs and gives the folder free. Whoever does not hold the folder's lock has nothing to end there. */
  async #end(phase: 'stopped' | 'failed'): Promise<void> {
    const lock = this.#lock;
    if (lock === undefined) return;
    this.#lock = undefined;
    try {
      this.#record?.update({ phase: 'stopping' });
      await this.#supervisor?.stop({ graceMs: this.#stopGraceMs });
      this.#record?.update({ phase });
    } finally {
      await lock.release();
    }
  }

  async #takeLock(): Promise<FileLock> {
    const lock = await tryLock(this.#layout.lock);
    if ('release' in lock) return lock;
    throw new CaptError('CONTROL_PLANE_LOCKED', { pid: lock.pid, directory: this.directory });
  }

  /** What a killed supervisor left running would hold ports and data. */
  async #endSurvivors(previous: ControlPlaneState): Promise<void> {
    const survivors = survivingProcesses(previous);
    if (survivors.length === 0) return;
    this.#report(`ending what an earlier supervisor left: ${survivors.map(({ name }) => name).join(', ')}`);
    await endProcesses(survivors, { graceMs: this.#stopGraceMs });
  }

  async #requireApiPort(port: number): Promise<void> {
    if (this.#options.port !== 0) await requireFreePort(this.#listenAddress, port, '--port');
  }

  #newRecord(supervisor: ProcessIdentity, ports: ControlPlanePorts): StateRecord {
    const listenAddress = this.#listenAddress;
    return new StateRecord(
      this.#layout.state,
      {
        format: 1,
        phase: 'starting',
        supervisor,
        listenAddress,
        port: ports.api,
        server: serverUrl(listenAddress, ports.api),
        etcdClientPort: ports.etcdClient,
        etcdPeerPort: ports.etcdPeer,
        controllerManagerPort: ports.controllerManager,
        processes: [],
      },
      this.#now,
      this.#report,
    );
  }

  #processEnvironment(): NodeJS.ProcessEnv {
    const { parentDeathSignal: signal } = this.#options;
    return processEnvironment(signal === undefined ? undefined : constants.signals[signal], process.pid);
  }

  get #listenAddress(): string {
    return this.#options.listenAddress ?? '127.0.0.1';
  }

  get #stopGraceMs(): number {
    return this.#options.stopGraceMs ?? 10_000;
  }

  get #now(): () => Date {
    return this.#options.now ?? (() => new Date());
  }

  get #report(): (line: string) => void {
    return this.#options.report ?? (() => undefined);
  }
}
