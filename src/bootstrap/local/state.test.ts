import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ownIdentity } from '../process/identity.ts';
import { survivingProcesses } from './recorded.ts';
import { type ControlPlaneState, readState } from './state.ts';
import { StateRecord } from './state-record.ts';

const initial: Omit<ControlPlaneState, 'since'> = {
  format: 1,
  phase: 'starting',
  supervisor: { pid: 1, startedAt: 'x' },
  listenAddress: '127.0.0.1',
  port: 6443,
  server: 'https://127.0.0.1:6443',
  etcdClientPort: 1,
  etcdPeerPort: 2,
  controllerManagerPort: 3,
  processes: [],
};

describe('the record of a control plane', () => {
  let folder: string;
  let file: string;
  let reports: string[];
  const record = () =>
    new StateRecord(
      file,
      initial,
      () => new Date(0),
      (line) => reports.push(line),
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-state-'));
    file = join(folder, 'state.json');
    reports = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is on disk after every change, for its owner only, with nothing beside it', () => {
    const written = record();
    assert.deepEqual(readState(file), written.current);
    written.update({ phase: 'ready' });
    assert.equal(readState(file)?.phase, 'ready');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['state.json']);
  });

  it('that cannot be read leads to no conclusion', () => {
    assert.equal(readState(file), undefined);
    for (const content of ['', '{"format":1', '{"format":2}', '{"format":1,"supervisor":{"pid":-1}}', 'null']) {
      writeFileSync(file, content);
      assert.equal(readState(file), undefined, content);
    }
  });

  it('that cannot be written is reported once and stops nothing', () => {
    const written = record();
    rmSync(folder, { recursive: true });
    written.update({ phase: 'ready' });
    written.update({ phase: 'stopping' });
    assert.equal(reports.length, 1);
    assert.match(reports[0] ?? '', /cannot record the state in .*ENOENT/);
    assert.equal(written.current.phase, 'stopping');
  });

  it('leads to processes that still are what it says, last started first', () => {
    const living = { state: 'ready' as const, restarts: 0, since: '', identity: ownIdentity() };
    const processes = [
      { ...living, name: 'etcd' },
      { ...living, name: 'stranger', identity: { pid: process.pid, startedAt: 'before' } },
      { ...living, name: 'kube-apiserver' },
    ];
    const names = survivingProcesses({ ...initial, since: '', processes }).map(({ name }) => name);
    assert.deepEqual(names, ['kube-apiserver', 'etcd']);
  });
});
