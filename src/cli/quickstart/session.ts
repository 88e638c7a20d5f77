import { readFileSync } from 'node:fs';
import { systemClock } from '../../api/time/clock.ts';
import { type QuickstartRecord, writeQuickstart } from '../../bootstrap/quickstart/record.ts';
import { type StageSpec, Stages } from '../../bootstrap/quickstart/stages.ts';
import type { Snapshot } from '../../bootstrap/quickstart/view/lines.ts';
import type { MachineView } from '../../bootstrap/quickstart/view/machine-view.ts';
import type { Client } from '../../kube/client/client.ts';
import { connect } from '../../kube/client/connect.ts';
import { loadKubeConfig } from '../../kube/client/kubeconfig.ts';
import type { QuickstartContext } from './context.ts';
import type { StageId } from './stage-list.ts';

export const clusterName = 'quickstart';
export const namespace = 'default';

export interface SessionOptions {
  context: QuickstartContext;
  flags: SessionFlags;
  record: QuickstartRecord;
  stages: readonly StageSpec<StageId>[];
  signal: AbortSignal;
  onChange: () => void;
}

/** What a user may say of any run. */
export interface SessionFlags {
  /** Seconds that machines may take. */
  timeout: number;
  acceleration?: 'kvm' | 'tcg';
  quick?: boolean;
}

/** One run of `capt quickstart`: what all its stages work with. */
export class Session implements AsyncDisposable {
  readonly context: QuickstartContext;
  readonly flags: SessionFlags;
  readonly signal: AbortSignal;
  readonly stages: Stages<StageId>;
  readonly #onChange: () => void;
  readonly #failed = new AbortController();
  #record: QuickstartRecord;
  #machines: readonly MachineView[] = [];
  #management: Client | undefined;

  constructor({ context, flags, record, stages, signal, onChange }: SessionOptions) {
    this.context = context;
    this.flags = flags;
    this.signal = AbortSignal.any([signal, this.#failed.signal]);
    this.#record = record;
    this.#onChange = onChange;
    this.stages = new Stages(stages, systemClock, onChange);
  }

  get record(): QuickstartRecord {
    return this.#record;
  }

  update(change: Partial<QuickstartRecord>): void {
    this.#record = { ...this.#record, ...change };
    writeQuickstart(this.context.layout.record, this.#record);
  }

  get machines(): readonly MachineView[] {
    return this.#machines;
  }

  set machines(machines: readonly MachineView[]) {
    this.#machines = machines;
    this.#onChange();
  }

  get snapshot(): Snapshot {
    return { elapsedMs: this.stages.elapsedMs, stages: this.stages.views, machines: this.#machines };
  }

  /** An administrator of the management cluster; only once that is there. */
  get management(): Client {
    const { managementKubeconfig } = this.context.layout;
    this.#management ??= connect(loadKubeConfig({ path: managementKubeconfig }), { userAgent: 'capt-quickstart' });
    return this.#management;
  }

  /**
   * Does things at the same time; when one of them fails, all are aborted, and only when all have ended the failure is
   * thrown: nobody goes on with something that is about to be ended.
   */
  async together(...works: readonly (() => Promise<unknown>)[]): Promise<void> {
    let failure: unknown;
    const guarded = works.map(async (work) => {
      try {
        await work();
      } catch (error) {
        failure ??= error;
        this.#failed.abort(error);
      }
    });
    await Promise.all(guarded);
    if (failure !== undefined) throw failure;
  }

  /** Content of the kubeconfig of the API server that simulated machines join. */
  get workloadKubeconfig(): string {
    return readFileSync(`${this.context.layout.workload}/kubeconfig`, 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#management?.close();
  }
}
