import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import {
  admissionDone,
  leadershipChanged,
  queueAdded,
  queueChanged,
  queueTaken,
  reconcileDone,
  requestDone,
  workersChanged,
} from './channels.ts';
import { measureProcess } from './process-metrics.ts';

const reconcileBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const queueBuckets = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];
const requestBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** The results that `controller_runtime_reconcile_total` tells apart, as in controller-runtime. */
const results = ['success', 'requeue', 'requeue_after', 'error'] as const;

/**
 * The runtime in numbers, under the names of controller-runtime and client-go, so that dashboards and alerts made for
 * those work. It listens from its construction until `close`.
 */
export class Metrics implements Disposable {
  /** For metrics of a program's own. */
  readonly registry = new Registry();
  readonly #stops: (() => void)[];

  constructor() {
    this.#stops = [
      measureProcess(this.registry),
      ...this.#controllers(),
      ...this.#queues(),
      this.#requests(),
      this.#webhooks(),
      this.#leadership(),
    ];
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Stops listening; the numbers stay as they are. */
  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #controllers(): (() => void)[] {
    const total = this.#counter('controller_runtime_reconcile_total', 'Reconciles per controller and result.', [
      'controller',
      'result',
    ]);
    const byController = (name: string, help: string) => this.#counter(name, help, ['controller']);
    const errors = byController('controller_runtime_reconcile_errors_total', 'Failed reconciles.');
    const terminal = byController(
      'controller_runtime_terminal_reconcile_errors_total',
      'Reconciles that failed and are not tried again.',
    );
    const panics = byController('controller_runtime_reconcile_panics_total', 'Reconciles that failed by a bug.');
    const time = this.#histogram(
      'controller_runtime_reconcile_time_seconds',
      'Duration of reconciles.',
      ['controller'],
      reconcileBuckets,
    );
    const max = this.#gauge('controller_runtime_max_concurrent_reconciles', 'Workers of a controller.', ['controller']);
    const active = this.#gauge('controller_runtime_active_workers', 'Workers with a key.', ['controller']);
    const work = this.#histogram(
      'workqueue_work_duration_seconds',
      'How long keys are worked on.',
      ['name'],
      queueBuckets,
    );
    const known = new Set<string>();
    // A series that begins at 1 hides its first error from `rate()`.
    const beginAtZero = (controller: string) => {
      if (known.has(controller)) return;
      known.add(controller);
      for (const result of results) total.inc({ controller, result }, 0);
      for (const counter of [errors, terminal, panics]) counter.inc({ controller }, 0);
    };
    return [
      workersChanged.subscribe((message) => {
        const { controller } = message;
        beginAtZero(controller);
        active.set({ controller }, message.active);
        max.set({ controller }, message.max);
      }),
      reconcileDone.subscribe(({ controller, result, seconds, panicked }) => {
        beginAtZero(controller);
        const failed = result === 'error' || result === 'terminal_error';
        total.inc({ controller, result: failed ? 'error' : result });
        if (failed) errors.inc({ controller });
        if (result === 'terminal_error') terminal.inc({ controller });
        if (panicked) panics.inc({ controller });
        time.observe({ controller }, seconds);
        // The queue of a controller has its name.
        work.observe({ name: controller }, seconds);
      }),
    ];
  }

  #queues(): (() => void)[] {
    const depth = this.#gauge('workqueue_depth', 'Keys that could be taken now.', ['name']);
    const adds = this.#counter('workqueue_adds_total', 'Keys added.', ['name']);
    const retries = this.#counter('workqueue_retries_total', 'Keys added again after a failure.', ['name']);
    const waited = this.#histogram(
      'workqueue_queue_duration_seconds',
      'How long keys wait before they are taken.',
      ['name'],
      queueBuckets,
    );
    return [
      queueChanged.subscribe((message) => depth.set({ name: message.queue }, message.depth)),
      queueAdded.subscribe(({ queue: name, retry }) => {
        adds.inc({ name });
        retries.inc({ name }, retry ? 1 : 0);
      }),
      queueTaken.subscribe(({ queue: name, waitedSeconds }) => waited.observe({ name }, waitedSeconds)),
    ];
  }

  #requests(): () => void {
    const total = this.#counter('rest_client_requests_total', 'Requests to the API server.', ['code', 'method']);
    const duration = this.#histogram(
      'rest_client_request_duration_seconds',
      'Time until the API server began to answer.',
      ['verb'],
      requestBuckets,
    );
    return requestDone.subscribe(({ code, method, seconds }) => {
      total.inc({ code, method });
      duration.observe({ verb: method }, seconds);
    });
  }

  #webhooks(): () => void {
    const total = this.#counter('controller_runtime_webhook_requests_total', 'Admission requests.', [
      'webhook',
      'code',
    ]);
    const latency = this.#histogram(
      'controller_runtime_webhook_latency_seconds',
      'Duration of admission requests.',
      ['webhook'],
      reconcileBuckets,
    );
    return admissionDone.subscribe(({ path: webhook, code, seconds }) => {
      total.inc({ webhook, code });
      latency.observe({ webhook }, seconds);
    });
  }

  #leadership(): () => void {
    const status = this.#gauge('leader_election_master_status', 'Whether this process leads (1) or not (0).', ['name']);
    return leadershipChanged.subscribe(({ lease, leading }) => status.set({ name: lease }, leading ? 1 : 0));
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[], buckets: number[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
