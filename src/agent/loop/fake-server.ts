import type { ActionReport, Asked, HandedAction, Told, WorkflowServer } from './workflow-server.ts';

/** A server for tests: hands out `actions` one after the other, each until its start is told. */
export class FakeServer implements WorkflowServer {
  readonly actions: HandedAction[];
  /** Every report that was taken. */
  readonly reports: ActionReport[] = [];
  asked = 0;
  /** Answers that come instead of the usual ones, first in, first out. */
  readonly askAnswers: Asked[] = [];
  readonly tellAnswers: ((report: ActionReport) => Told | Promise<Told> | undefined)[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(actions: readonly HandedAction[] = []) {
    this.actions = [...actions];
  }

  async ask(signal: AbortSignal): Promise<Asked> {
    this.asked++;
    this.#wake();
    const instead = this.askAnswers.shift();
    if (instead !== undefined) return instead;
    const [action] = this.actions;
    if (action !== undefined) return { kind: 'action', action };
    // A server that has no work holds the question open.
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return { kind: 'none', reason: 'no work' };
  }

  async tell(report: ActionReport): Promise<Told> {
    const instead = await this.tellAnswers.shift()?.(report);
    if (instead !== undefined) {
      this.#wake();
      return instead;
    }
    if (this.actions[0]?.actionId === report.action.actionId) this.actions.shift();
    this.reports.push(report);
    this.#wake();
    return { kind: 'taken' };
  }

  close(): void {}

  get states(): string[] {
    return this.reports.map(({ action, state }) => `${action.name} ${state}`);
  }

  /** Waits until `condition` holds, looked at after every call. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

export function handed(name: string, options: Partial<HandedAction> = {}): HandedAction {
  return {
    workflowId: 'default/wf',
    taskId: 'task',
    agentId: 'agent',
    actionId: `id-${name}`,
    name,
    image: `registry.test/actions/${name}:latest`,
    timeoutSeconds: 0,
    command: [],
    environment: {},
    acceptsProgress: true,
    ...options,
  };
}
