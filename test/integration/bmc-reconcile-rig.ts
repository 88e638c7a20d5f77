import type { Action } from '../../src/api/bmc/v1alpha1/action.ts';
import type { Connection } from '../../src/api/bmc/v1alpha1/connection.ts';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../../src/api/bmc/v1alpha1/task.ts';
import { Secret } from '../../src/api/core/secret.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { FakeBmc, FakeDriver } from '../../src/bmc/fake-driver.ts';
import type { BmcDrivers } from '../../src/bmc/providers.ts';
import { addBmcService, type BmcServiceOptions } from '../../src/bmc/reconcile/bmc-service.ts';
import { holds, isFinished, progressOf } from '../../src/bmc/reconcile/progress.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { Manager } from '../../src/kube/manager/manager.ts';
import { TestNamespace } from '../support/test-namespace.ts';

export const password = 'Tr0ub4dor&3';

/** Times short enough for tests. */
const hasty = {
  holdSeconds: 0.2,
  holdReadSeconds: 0.02,
  readBackSeconds: 0.05,
  settleSeconds: 0.3,
  restartWatchSeconds: 0.05,
  connectTimeoutSeconds: 2,
  callTimeoutSeconds: 2,
  retrySeconds: 0.05,
  breakerSeconds: 0.1,
  breakerMaxSeconds: 0.5,
  sessionsPerMinute: 6000,
  sessionBurst: 100,
  missingRetrySeconds: 0.2,
};

/** A process with the service in it, that ends in good order or at once. */
export class ServiceProcess {
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  #dead = false;

  constructor(client: Client, options: BmcServiceOptions) {
    const beforeWrite = () => {
      if (this.#dead) throw new Error('this process is dead');
    };
    const manager = new Manager(client.with({ beforeWrite }));
    addBmcService(manager, options);
    this.ended = manager.run(this.#stop.signal);
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** From now on nothing leaves the process, neither to the API server nor to a BMC. */
  kill(): void {
    this.#dead = true;
    this.#stop.abort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }
}

/** A namespace, BMCs in memory, and the service on a real API server. */
export class BmcRig implements AsyncDisposable {
  readonly client: Client;
  readonly namespace: string;
  readonly bmcs = new Map<string, FakeBmc>();
  readonly driver = new FakeDriver(this.bmcs, 'redfish');
  readonly #own: TestNamespace;
  readonly #processes: ServiceProcess[] = [];

  private constructor(own: TestNamespace) {
    this.#own = own;
    this.client = own.client;
    this.namespace = own.name;
  }

  static async create(prefix: string): Promise<BmcRig> {
    const own = await TestNamespace.create(prefix);
    await installCrds(own.client, [Machine, Job, Task, Hardware]);
    return new BmcRig(own);
  }

  /** Starts the service; unless told otherwise with the drivers in memory. */
  start(options: Partial<BmcServiceOptions> & { drivers?: BmcDrivers } = {}): ServiceProcess {
    const drivers = { redfish: this.driver };
    const started = new ServiceProcess(this.client, { drivers, namespace: this.namespace, ...hasty, ...options });
    this.#processes.push(started);
    return started;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#processes.splice(0).map((running) => running.stop()));
  }

  /** A Machine with a BMC in memory and a Secret, all of one name. */
  async addMachine(name: string, connection: Partial<Connection> = {}): Promise<FakeBmc> {
    const bmc = new FakeBmc();
    bmc.login = { username: 'admin', password };
    this.bmcs.set(name, bmc);
    await this.addSecret(name, password);
    const spec = {
      connection: {
        host: name,
        insecureTLS: true,
        authSecretRef: { name, namespace: this.namespace },
        ...connection,
      },
    };
    await this.client.create(Machine, { ...this.#head(Machine, name), spec } as Machine);
    return bmc;
  }

  addSecret(name: string, secret: string): Promise<Secret> {
    const stringData = { username: 'admin', password: secret };
    return this.client.create(Secret, { apiVersion: 'v1', kind: 'Secret', metadata: this.#name(name), stringData });
  }

  changeSecret(name: string, secret: string): Promise<Secret> {
    return this.client.mergePatch(Secret, this.#name(name), { stringData: { password: secret } });
  }

  addJob(name: string, machine: string, tasks: Action[]): Promise<Job> {
    const spec = { machineRef: this.#name(machine), tasks };
    return this.client.create(Job, { ...this.#head(Job, name), spec } as Job);
  }

  addHardware(name: string, machine: string): Promise<Hardware> {
    const spec = { bmcRef: { kind: 'Machine', name: machine } };
    return this.client.create(Hardware, { ...this.#head(Hardware, name), spec } as Hardware);
  }

  machine(name: string): Promise<Machine> {
    return this.client.get(Machine, this.#name(name));
  }

  job(name: string): Promise<Job> {
    return this.client.get(Job, this.#name(name));
  }

  task(name: string): Promise<Task> {
    return this.client.get(Task, this.#name(name));
  }

  hardware(name: string): Promise<Hardware> {
    return this.client.get(Hardware, this.#name(name));
  }

  /** Follows an object by a watch, without polling, until `check` holds. */
  async until<T extends Job | Machine | Task | Hardware>(
    kind: { readonly objectType?: T } & Parameters<Client['watch']>[0],
    name: string,
    check: (object: T) => boolean,
  ): Promise<T> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(new Error(`${kind.kind} ${name} did not get there`)), 15_000);
    try {
      const first = (await this.client.get(kind, this.#name(name))) as unknown as T;
      if (check(first)) return first;
      const fieldSelector = `metadata.name=${name}`;
      const resourceVersion = first.metadata.resourceVersion ?? '';
      const selection = { namespace: this.namespace, fieldSelector, resourceVersion, signal: stop.signal };
      for await (const events of this.client.watch(kind, selection)) {
        for (const event of events) {
          if (event.type === 'BOOKMARK') continue;
          const object = event.object as unknown as T;
          if (check(object)) return object;
        }
      }
      throw new Error(`the watch of ${kind.kind} ${name} ended`);
    } catch (error) {
      const last = await this.client.get(kind, this.#name(name));
      throw new Error(`${kind.kind} ${name} did not get there: ${JSON.stringify(last)}`, { cause: error });
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  untilFinished(job: string): Promise<Job> {
    return this.until(Job, job, isFinished);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAll();
    await this.#own[Symbol.asyncDispose]();
  }

  #name(name: string) {
    return { namespace: this.namespace, name };
  }

  #head(kind: { group: string; version: string; kind: string }, name: string) {
    return { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: this.#name(name) };
  }
}

/** `Completed`, or why not. */
export function outcomeOf(object: Job | Task): string {
  if (holds(object.status, 'Completed')) return 'Completed';
  const failed = progressOf(object.status, 'Failed');
  return failed?.status === 'True' ? `Failed: ${failed.message}` : 'under way';
}

export function contactOf(machine: Machine): { status?: string | undefined; message?: string | undefined } {
  const condition = machine.status?.conditions?.find(({ type }) => type === 'Contactable');
  return { status: condition?.status, message: condition?.message };
}
