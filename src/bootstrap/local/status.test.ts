import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ControlPlaneState } from './state.ts';
import { judgeHealth, processRows } from './status.ts';

const since = '2026-01-01T00:00:00.000Z';
const state: ControlPlaneState = {
  format: 1,
  phase: 'ready',
  since,
  supervisor: { pid: 10, startedAt: 's' },
  listenAddress: '127.0.0.1',
  port: 6443,
  server: 'https://127.0.0.1:6443',
  etcdClientPort: 1,
  etcdPeerPort: 2,
  controllerManagerPort: 3,
  processes: [
    { name: 'etcd', state: 'ready', identity: { pid: 11, startedAt: 'e' }, restarts: 0, since },
    { name: 'kube-apiserver', state: 'ready', identity: { pid: 12, startedAt: 'a' }, restarts: 2, since },
  ],
};

/** What is said about `state` when only these pids live. */
function judge(living: number[], change: Partial<ControlPlaneState> = {}, answer = 'ok'): string {
  const changed = { ...state, ...change };
  return judgeHealth(
    changed.phase,
    processRows(changed, ({ pid }) => living.includes(pid)),
    answer,
  );
}

describe('the status of a control plane', () => {
  it('shows a pid only while exactly that process lives', () => {
    const rows = processRows(state, ({ pid }) => pid === 11);
    assert.deepEqual(
      rows.map(({ name, state: shown, pid }) => [name, shown, pid]),
      [
        ['supervisor', 'gone', undefined],
        ['etcd', 'ready', 11],
        ['kube-apiserver', 'gone', undefined],
      ],
    );
  });

  it('is ok only when everything is', () => {
    assert.equal(judge([10, 11, 12]), 'ok');
    assert.match(
      judge([10, 11, 12], {}, 'connect ECONNREFUSED'),
      /does not answer \/readyz with ok: connect ECONNREFUSED/,
    );
    assert.equal(judge([10, 11]), 'kube-apiserver is gone');
    assert.equal(judge([10, 11, 12], { phase: 'starting' }), 'starting');
  });

  it('says why a process is not ready', () => {
    const etcd = { name: 'etcd', state: 'waiting' as const, restarts: 4, since, lastExit: 'ended with exit code 1' };
    assert.equal(judge([10], { processes: [etcd] }), 'etcd is waiting (ended with exit code 1)');
  });

  it('tells stopped from killed from left behind', () => {
    assert.equal(judge([], { phase: 'stopped', processes: [] }), 'stopped');
    assert.match(judge([]), /not running: its supervisor was ended/);
    assert.match(judge([11, 12]), /etcd, kube-apiserver left behind: run up to recover/);
  });
});
