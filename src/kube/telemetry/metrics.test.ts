import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
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
import { Metrics } from './metrics.ts';

const reconcile = (result: 'success' | 'requeue' | 'requeue_after' | 'error' | 'terminal_error', panicked = false) =>
  reconcileDone.publish({ controller: 'host', key: 'a/b', result, seconds: 0.2, panicked });

/** What is published, and the samples that then are there. */
const cases: { name: string; publish: () => void; samples: string[] }[] = [
  {
    name: 'a controller that has done nothing yet',
    publish: () => workersChanged.publish({ controller: 'host', active: 1, max: 4 }),
    samples: [
      'controller_runtime_reconcile_total{controller="host",result="success"} 0',
      'controller_runtime_reconcile_total{controller="host",result="error"} 0',
      'controller_runtime_reconcile_errors_total{controller="host"} 0',
      'controller_runtime_reconcile_panics_total{controller="host"} 0',
      'controller_runtime_max_concurrent_reconciles{controller="host"} 4',
      'controller_runtime_active_workers{controller="host"} 1',
    ],
  },
  {
    name: 'reconciles of every result',
    publish: () => {
      for (const result of ['success', 'success', 'requeue', 'requeue_after', 'error'] as const) reconcile(result);
      reconcile('terminal_error');
      reconcile('error', true);
    },
    samples: [
      'controller_runtime_reconcile_total{controller="host",result="success"} 2',
      'controller_runtime_reconcile_total{controller="host",result="requeue"} 1',
      'controller_runtime_reconcile_total{controller="host",result="requeue_after"} 1',
      'controller_runtime_reconcile_total{controller="host",result="error"} 3',
      'controller_runtime_reconcile_errors_total{controller="host"} 3',
      'controller_runtime_terminal_reconcile_errors_total{controller="host"} 1',
      'controller_runtime_reconcile_panics_total{controller="host"} 1',
      'controller_runtime_reconcile_time_seconds_count{controller="host"} 7',
      'controller_runtime_reconcile_time_seconds_bucket{le="0.25",controller="host"} 7',
      'workqueue_work_duration_seconds_count{name="host"} 7',
    ],
  },
  {
    name: 'a queue',
    publish: () => {
      queueAdded.publish({ queue: 'host', retry: false });
      queueAdded.publish({ queue: 'host', retry: true });
      queueChanged.publish({ queue: 'host', depth: 2 });
      queueTaken.publish({ queue: 'host', waitedSeconds: 0.05 });
    },
    samples: [
      'workqueue_depth{name="host"} 2',
      'workqueue_adds_total{name="host"} 2',
      'workqueue_retries_total{name="host"} 1',
      'workqueue_queue_duration_seconds_bucket{le="0.1",name="host"} 1',
    ],
  },
  {
    name: 'requests to the API server',
    publish: () => {
      requestDone.publish({ method: 'GET', code: '200', seconds: 0.01 });
      requestDone.publish({ method: 'GET', code: '<error>', seconds: 0.01 });
    },
    samples: [
      'rest_client_requests_total{code="200",method="GET"} 1',
      'rest_client_requests_total{code="<error>",method="GET"} 1',
      'rest_client_request_duration_seconds_count{verb="GET"} 2',
    ],
  },
  {
    name: 'webhooks',
    publish: () => admissionDone.publish({ path: '/validate-host', code: 200, allowed: false, seconds: 0.01 }),
    samples: [
      'controller_runtime_webhook_requests_total{webhook="/validate-host",code="200"} 1',
      'controller_runtime_webhook_latency_seconds_count{webhook="/validate-host"} 1',
    ],
  },
  {
    name: 'leadership won',
    publish: () => leadershipChanged.publish({ lease: 'ns/capt', identity: 'me', leading: true, reason: '' }),
    samples: ['leader_election_master_status{name="ns/capt"} 1'],
  },
  {
    name: 'leadership lost',
    publish: () => leadershipChanged.publish({ lease: 'ns/capt', identity: 'me', leading: false, reason: '' }),
    samples: ['leader_election_master_status{name="ns/capt"} 0'],
  },
];

describe('Metrics', () => {
  let metrics: Metrics;

  beforeEach(() => {
    metrics = new Metrics();
  });

  afterEach(() => metrics.close());

  const samples = async () => (await metrics.text()).split('\n');

  for (const { name, publish, samples: expected } of cases) {
    it(`counts ${name}`, async () => {
      publish();
      const found = await samples();
      for (const sample of expected) {
        assert.ok(
          found.includes(sample),
          `${sample} is not in\n${found.filter((line) => !line.startsWith('#')).join('\n')}`,
        );
      }
    });
  }

  it('measures the process', async () => {
    const text = await metrics.text();
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? [];
      assert.ok(Number(value) > 0, `${name} is ${value}`);
    }
    assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
  });

  it('counts nothing any more once closed, and has a registry of its own', async () => {
    using other = new Metrics();
    metrics.close();
    metrics.close();
    requestDone.publish({ method: 'PUT', code: '200', seconds: 0.01 });
    assert.doesNotMatch(await metrics.text(), /method="PUT"/);
    assert.match(await other.text(), /method="PUT"/);
  });
});
