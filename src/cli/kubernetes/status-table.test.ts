import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ageOf, renderStatus } from './status-table.ts';

const now = new Date('2026-01-02T00:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

describe('the status table', () => {
  for (const [seconds, age] of [
    [0, '0s'],
    [45, '45s'],
    [125, '2m5s'],
    [120, '2m'],
    [3 * 3600 + 12 * 60 + 9, '3h12m'],
    [2 * 86_400 + 4 * 3600, '2d4h'],
    [-5, '0s'],
  ] as const) {
    it(`prints ${seconds} s as ${age}`, () => assert.equal(ageOf(ago(seconds), now), age));
  }

  it('lines up its columns and leaves none empty', () => {
    const lines = renderStatus(
      {
        directory: '/d',
        kubeconfig: '/d/kubeconfig',
        healthy: false,
        health: 'etcd is waiting (ended by SIGKILL)',
        endpoint: 'https://127.0.0.1:6443',
        processes: [
          { name: 'supervisor', state: 'running', pid: 7, restarts: 0, since: ago(125) },
          { name: 'etcd', state: 'waiting', restarts: 3, since: ago(2), lastExit: 'ended by SIGKILL' },
        ],
      },
      now,
    );
    assert.deepEqual(lines, [
      'Health      etcd is waiting (ended by SIGKILL)',
      'Endpoint    https://127.0.0.1:6443',
      'Version     -',
      'Directory   /d',
      'Kubeconfig  /d/kubeconfig',
      '',
      'PROCESS     PID  STATE    RESTARTS  SINCE     LAST EXIT',
      'supervisor  7    running  0         2m5s ago  -',
      'etcd        -    waiting  3         2s ago    ended by SIGKILL',
    ]);
  });
});
