import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { Machine as BmcMachine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { kinds } from '../../src/api/kinds.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { isAlive } from '../../src/bootstrap/process/identity.ts';
import type { MachineView } from '../../src/rack/control/protocol.ts';
import { livingRack, type RackRecord } from '../../src/rack/control/rack-record.ts';
import { eventually } from '../faults/eventually.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { capt } from '../support/local-cli.ts';
import { TestNamespace } from '../support/test-namespace.ts';

describe('capt rack', function () {
  this.timeout(60_000);
  let own: TestNamespace;
  let dir: string;
  const rack = (...args: string[]) => capt(['rack', ...args, '--dir', dir]);
  const up = () =>
    rack(
      ...['up', '--simulated', '2', '--name', own.name, '--namespace', own.name, '--quick'],
      ...['--kubeconfig', testControlPlane().kubeconfigFile],
    );
  const list = async () => JSON.parse((await rack('list', '-o', 'json')).stdout) as MachineView[];
  const record = () => JSON.parse(readFileSync(join(dir, 'rack.json'), 'utf8')) as RackRecord;

  before(async () => {
    own = await TestNamespace.create('rack');
    await installCrds(own.client, kinds);
    dir = await mkdtemp(join(tmpdir(), 'capt-rack-'));
  });
  after(async () => {
    await rack('down');
    await rm(dir, { recursive: true, force: true });
    await own[Symbol.asyncDispose]();
  });

  it('mounts machines, registers them, and ends exactly what it started', async () => {
    const started = await up();
    assert.equal(started.exitCode, 0, started.output);
    assert.match(started.stdout, /2 machines are mounted/);
    const { items } = await own.client.list(Hardware, { namespace: own.name });
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      [`${own.name}-0`, `${own.name}-1`],
    );
    assert.equal((await own.client.list(BmcMachine, { namespace: own.name })).items.length, 2);
    const identity = livingRack(dir);
    assert.ok(identity);
    const again = await up();
    assert.equal(again.exitCode, 1);
    assert.match(again.output, /RACK_RUNNING/);
    assert.match((await rack('down')).stdout, /ended the rack/);
    assert.equal(isAlive(identity), false);
    assert.match((await rack('list')).output, /RACK_NOT_RUNNING/);
    assert.match((await rack('down')).stdout, /nothing runs/);
  });

  it('lets people press buttons, and shows what became of it', async () => {
    await up();
    const name = `${own.name}-1`;
    assert.deepEqual(
      (await list()).map(({ power }) => power),
      ['off', 'off'],
    );
    assert.equal((await rack('power', name, 'on')).exitCode, 0);
    await eventually(async () => assert.equal((await list())[1]?.power, 'on'));
    await rack('power', name, 'unplug');
    assert.match((await rack('list')).stdout, new RegExp(`${name} .*off .*redfish:\\d+ .*<none> .*power off`));
    assert.match((await rack('power', 'nobody', 'on')).output, /RACK_MACHINE_UNKNOWN/);
    assert.equal((await rack('power', name, 'explode')).exitCode, 2);
  });

  it('comes back with the ports that were registered, after a kill too', async () => {
    const { bmcPorts, process: identity } = record();
    assert.ok(identity);
    process.kill(identity.pid, 'SIGKILL');
    await eventually(() => assert.equal(isAlive(identity), false));
    const started = await up();
    assert.equal(started.exitCode, 0, started.output);
    assert.deepEqual(record().bmcPorts, bmcPorts);
    await rack('down');
    assert.deepEqual(record(), { name: own.name, bmcPorts });
  });
});
