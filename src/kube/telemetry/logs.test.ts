import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { pino } from 'pino';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { KubeConnectionError, KubeError } from '../client/errors.ts';
import {
  admissionDone,
  leadershipChanged,
  managerChanged,
  managerWaiting,
  reconcileDone,
  reflectorFailed,
  reflectorListed,
  requestDone,
  runnableFailed,
  runtimeWarning,
} from './channels.ts';
import { logRuntime } from './logs.ts';

interface Line {
  level: string;
  msg: string;
  [field: string]: unknown;
}

const refused = (code: number) => new KubeError('update hosts a', { kind: 'Status', code });
const failedReconcile = (error: unknown, rest: object = {}) =>
  reconcileDone.publish({ controller: 'host', key: 'a/b', result: 'error', seconds: 0.1, error, ...rest });

/** What is published, and the lines that come of it. */
const cases: { name: string; publish: () => void; lines: Partial<Line>[] }[] = [
  {
    name: 'a reconcile',
    publish: () => reconcileDone.publish({ controller: 'host', key: 'a/b', result: 'success', seconds: 0.1 }),
    lines: [{ level: 'debug', msg: 'reconciled', controller: 'host', key: 'a/b', result: 'success', seconds: 0.1 }],
  },
  {
    name: 'a conflict',
    publish: () => failedReconcile(refused(409), { result: 'requeue' }),
    lines: [{ level: 'debug', msg: 'reconcile will be repeated' }],
  },
  {
    name: 'a reconcile that a stop broke off',
    publish: () => failedReconcile(new DOMException('stop', 'AbortError')),
    lines: [{ level: 'debug' }],
  },
  {
    name: 'a failed reconcile',
    publish: () => failedReconcile(refused(500)),
    lines: [{ level: 'error', msg: 'reconcile failed' }],
  },
  {
    name: 'a bug',
    publish: () => failedReconcile(new TypeError('x'), { panicked: true }),
    lines: [{ level: 'error', msg: 'reconcile failed by a bug' }],
  },
  {
    name: 'leadership',
    publish: () => leadershipChanged.publish({ lease: 'ns/capt', identity: 'me', leading: true, reason: 'it is free' }),
    lines: [{ level: 'info', msg: 'leading', lease: 'ns/capt', identity: 'me', reason: 'it is free' }],
  },
  {
    name: 'a webhook that refused',
    publish: () => admissionDone.publish({ path: '/validate', code: 200, allowed: false, seconds: 0.1 }),
    lines: [{ level: 'debug' }],
  },
  {
    name: 'a webhook that broke',
    publish: () => admissionDone.publish({ path: '/validate', code: 500, allowed: false, seconds: 0.1 }),
    lines: [{ level: 'error', path: '/validate', code: 500 }],
  },
  {
    name: 'a request',
    publish: () => requestDone.publish({ method: 'GET', code: '200', seconds: 0.1 }),
    lines: [{ level: 'trace' }],
  },
  {
    name: 'a start that waits',
    publish: () => {
      managerChanged.publish({ state: 'starting' });
      managerWaiting.publish({ waiting: [{ what: 'cache of hosts', reason: 'CRD missing', since: new Date(0) }] });
    },
    lines: [
      { level: 'info', msg: 'manager starting' },
      {
        level: 'info',
        msg: 'waiting',
        what: 'cache of hosts',
        reason: 'CRD missing',
        since: '1970-01-01T00:00:00.000Z',
      },
    ],
  },
  {
    name: 'a part that failed',
    publish: () => runnableFailed.publish({ runnable: 'webhooks', error: new Error('no certificate') }),
    lines: [{ level: 'error', runnable: 'webhooks' }],
  },
  {
    name: 'a warning, once',
    publish: () => {
      runtimeWarning.publish({ what: 'renewing lease', error: new Error('slow') });
      runtimeWarning.publish({ what: 'renewing lease', error: new Error('slow') });
    },
    lines: [{ level: 'warn', msg: 'renewing lease' }],
  },
  {
    name: 'a list',
    publish: () => reflectorListed.publish({ resource: 'hosts', items: 3, seconds: 0.1 }),
    lines: [{ level: 'debug' }],
  },
];

describe('logRuntime', () => {
  let clock: FakeClock;
  let lines: Line[];
  let stop: () => void;

  beforeEach(() => {
    clock = new FakeClock();
    lines = [];
    const logger = pino(
      { level: 'trace', base: null, timestamp: false, formatters: { level: (level) => ({ level }) } },
      { write: (line: string) => lines.push(JSON.parse(line) as Line) },
    );
    stop = logRuntime(logger, { clock });
  });

  afterEach(() => stop());

  for (const { name, publish, lines: expected } of cases) {
    it(`tells of ${name}`, () => {
      publish();
      assert.equal(lines.length, expected.length, JSON.stringify(lines));
      for (const [i, line] of expected.entries()) assert.partialDeepStrictEqual(lines[i], line);
    });
  }

  it('never tells values that the API server quotes', () => {
    const error = new KubeError('update secrets a', {
      kind: 'Status',
      code: 422,
      message: 'data: Invalid value: "hunter2"',
    });
    failedReconcile(error, { panicked: true });
    reflectorFailed.publish({ resource: 'secrets', phase: 'list', error, retrySeconds: 1 });
    runtimeWarning.publish({ what: 'recording an event', error });
    runnableFailed.publish({ runnable: 'webhooks', error });
    assert.equal(lines.length, 4);
    assert.doesNotMatch(JSON.stringify(lines), /hunter2/);
  });

  it('tells of a reflector that keeps failing once a minute, of what is new at once, and when it is over', async () => {
    const fail = (error: unknown, resource = 'hosts') =>
      reflectorFailed.publish({ resource, phase: 'watch', error, retrySeconds: Math.random() });
    const told = () =>
      lines
        .splice(0)
        .filter(({ level }) => level !== 'debug')
        .map(({ level, resource, repeated }) => [level, resource, repeated]);
    for (let second = 0; second < 90; second++) {
      fail(new KubeConnectionError('watch hosts', 'refused'));
      await clock.advance(1000);
    }
    assert.deepEqual(told(), [
      ['warn', 'hosts', undefined],
      ['warn', 'hosts', 59],
    ]);
    fail(refused(403));
    fail(refused(403), 'jobs');
    assert.deepEqual(told(), [
      ['warn', 'hosts', undefined],
      ['warn', 'jobs', undefined],
    ]);
    reflectorListed.publish({ resource: 'hosts', items: 3, seconds: 0.1 });
    reflectorListed.publish({ resource: 'hosts', items: 3, seconds: 0.1 });
    assert.deepEqual(told(), [['info', 'hosts', undefined]]);
  });

  it('is silent once stopped', () => {
    stop();
    failedReconcile(new Error('x'));
    assert.deepEqual(lines, []);
  });
});
