import type { Action } from '../../../api/bmc/v1alpha1/action.ts';
import { Job } from '../../../api/bmc/v1alpha1/job.ts';
import { Task } from '../../../api/bmc/v1alpha1/task.ts';
import type { Secret } from '../../../api/core/secret.ts';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { Client } from '../../../kube/client/client.ts';
import type { Transport } from '../../../kube/client/transport.ts';
import { FakeEventRecorder } from '../../../kube/events/fake-event-recorder.ts';
import { FakeObjectServer } from '../../../kube/objects/fake-object-server.ts';
import { FakeBmc, type FakeCall, FakeDriver } from '../../fake-driver.ts';
import { providersOf } from '../../providers.ts';
import { BmcAccess } from '../access/bmc-access.ts';
import { isFinished } from '../progress.ts';
import { type BmcSettings, defaultBmcSettings } from '../settings.ts';
import { isRepeatable, withMarkAhead } from './mark-ahead.ts';
import { SentTasks } from './sent-tasks.ts';
import { TaskReconciler } from './task-reconciler.ts';

const at = '2026-01-01T00:00:00Z';
const uid = 'uid-job';

/** One Task, its BMC and the processes that work on it one after the other, each of which may die at any step. For tests. */
export class FakeTaskService {
  readonly clock = new FakeClock();
  readonly bmc = new FakeBmc();
  readonly events = new FakeEventRecorder();
  readonly server: FakeObjectServer<Task>;
  /** What the BMC really did, in order. */
  readonly effects: FakeCall[] = [];
  /** Told what happens at a step; what it throws happens to the process. */
  onStep: (step: string) => void = () => undefined;
  job: Job | undefined;
  /** False: another process leads. */
  mayWrite = true;
  secret: Secret;
  readonly #settings: BmcSettings;
  #lives = 0;

  /** `ahead`: the Task was made, with its mark, by the first process; without it, by somebody who leaves no mark. */
  constructor(action: Action, settings: Partial<BmcSettings> = {}, { ahead = false } = {}) {
    this.#settings = { ...defaultBmcSettings, ...settings };
    const { username, password } = this.bmc.login;
    const data = { username: btoa(username), password: btoa(password) };
    this.secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'ns', name: 's' }, data };
    const apiVersion = `${Task.group}/${Task.version}`;
    const connection = { host: 'm', insecureTLS: true, authSecretRef: { namespace: 'ns', name: 's' } };
    this.job = {
      apiVersion,
      kind: Job.kind,
      metadata: { namespace: 'ns', name: 'j', uid },
      status: { startTime: at, conditions: [{ type: 'Running', status: 'True' }] },
    };
    const ownerReferences = [{ apiVersion, kind: Job.kind, name: 'j', uid, controller: true }];
    const task: Task = {
      apiVersion,
      kind: Task.kind,
      metadata: { namespace: 'ns', name: 'j-task-0', ownerReferences },
      spec: { task: action, connection },
    };
    const marked = ahead && isRepeatable(task, this.#settings);
    this.server = new FakeObjectServer<Task>(marked ? withMarkAhead(task, 'process-1', this.clock.now()) : task);
  }

  get task(): Task {
    return this.server.copy;
  }

  /** `Completed`, `Failed: why`, or what it waits for. */
  get outcome(): string {
    const conditions = this.task.status?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === 'Completed' && status === 'True')) return 'Completed';
    const failed = conditions.find(({ type }) => type === 'Failed');
    return `${failed?.status === 'True' ? 'Failed' : 'waiting'}: ${failed?.message}`;
  }

  /** Runs a process until the Task is finished, nothing is to be done any more, or it dies. */
  async live(): Promise<'at rest' | 'died' | 'no end'> {
    const abort = new AbortController();
    const process = new Process(this, abort, this.#settings, `process-${++this.#lives}`);
    const { reconciler } = process;
    for (let turn = 0; turn < 500; turn++) {
      const result = await this.#settled(
        reconciler.reconcile({ namespace: 'ns', name: 'j-task-0' }, { signal: abort.signal }).catch(() => undefined),
      );
      if (process.died) return 'died';
      if (isFinished(this.task) || result?.requeueAfterSeconds === undefined) {
        if (result !== undefined || isFinished(this.task)) return 'at rest';
      }
      await this.clock.advance((result?.requeueAfterSeconds ?? 1) * 1000);
    }
    return 'no end';
  }

  /** Lets time pass until `work` is done. */
  async #settled<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const watched = work.finally(() => {
      done = true;
    });
    while (!done) await this.clock.advance(250);
    return await watched;
  }
}

/** A step throws this, and the process is no more. */
export class Death extends Error {
  override readonly name = 'Death';
}

class Process {
  died = false;
  readonly reconciler: TaskReconciler;

  constructor(service: FakeTaskService, abort: AbortController, settings: BmcSettings, id: string) {
    const { clock, events, server, bmc } = service;
    const step = (what: string) => {
      if (this.died) throw new Death();
      try {
        service.onStep(what);
      } catch (error) {
        if (error instanceof Death) {
          this.died = true;
          abort.abort(error);
        }
        throw error;
      }
    };
    bmc.before = (call) => step(`before ${call}`);
    bmc.after = (call) => {
      // A machine that is off is not restarted by anything.
      const idle = bmc.state === 'off' && /^power (cycle|reset)$/.test(call);
      if (!bmc.ignores.has(call) && !idle) service.effects.push(call);
      step(`after ${call}`);
    };
    const transport: Transport = {
      request: async (request) => {
        step(`before ${request.method}`);
        const answer = await server.transport.request(request);
        // Nobody reads the answer that a dead process got.
        answer.body.on('error', () => undefined);
        step(`after ${request.method}`);
        return answer;
      },
      close: () => Promise.resolve(),
    };
    const beforeWrite = () => {
      if (!service.mayWrite) throw new Error('another process leads');
    };
    const access = new BmcAccess(
      providersOf({ redfish: new FakeDriver(new Map([['m', bmc]]), 'redfish') }),
      settings,
      clock,
    );
    this.reconciler = new TaskReconciler({
      client: new Client(transport, { clock, beforeWrite }),
      tasks: { get: () => server.object },
      jobs: { get: () => service.job },
      secrets: { get: () => service.secret },
      access,
      events,
      clock,
      settings,
      sent: new SentTasks(id),
    });
  }
}
