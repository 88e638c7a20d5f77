import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Client } from '../../kube/client/client.ts';
import { FakeTransport } from '../../kube/client/fake-transport.ts';
import { FakeObjectServer } from '../../kube/objects/fake-object-server.ts';
import type { HardwareRow } from '../csv/row.ts';
import { fakeRow } from '../fake-row.ts';
import { newHardware } from '../objects/hardware.ts';
import { importHardware } from './import-hardware.ts';
import { targetsOf } from './target.ts';

const { bmc: _, ...row } = fakeRow();
const changed: HardwareRow = { ...row, ipAddress: '192.0.2.77', labels: { rack: 'b' } };

function server(change: (hardware: Hardware) => void = () => {}): FakeObjectServer<Hardware> {
  const hardware = newHardware(row, 'rack');
  change(hardware);
  return new FakeObjectServer(hardware);
}

const status = { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message: 'no' };
const refusal = { status: 403, body: status };

const run = (fake: FakeObjectServer<Hardware>, wanted: HardwareRow) =>
  importHardware(fake.client, [targetsOf(wanted, new Set(), 'rack')]);

describe('importHardware', () => {
  it('sends nothing when nothing differs', async () => {
    const fake = server();
    assert.deepEqual(await run(fake, row), [{ what: 'hardware.tinkerbell.org/node-1', result: 'unchanged', held: [] }]);
    assert.deepEqual(fake.patches, []);
  });

  it('takes no address away from a machine that is claimed between the look and the write', async () => {
    const fake = server();
    fake.rival((hardware) => {
      hardware.metadata.labels = { ...hardware.metadata.labels, 'v1alpha1.tinkerbell.org/ownerName': 'machine-1' };
      if (hardware.spec) hardware.spec.userData = '#cloud-config';
      const [first] = hardware.spec?.interfaces ?? [];
      if (first) first.netboot = { allowPXE: false };
    });
    const [outcome] = await run(fake, changed);
    assert.deepEqual([outcome?.result, outcome?.held], ['configured', ['spec.interfaces', 'spec.metadata']]);
    const { metadata, spec } = fake.object ?? {};
    assert.deepEqual(metadata?.labels, { rack: 'b', 'v1alpha1.tinkerbell.org/ownerName': 'machine-1' });
    assert.equal(spec?.userData, '#cloud-config');
    assert.deepEqual(spec?.interfaces?.[0]?.netboot, { allowPXE: false });
    assert.equal(spec?.interfaces?.[0]?.dhcp?.ip?.address, '192.0.2.10');
  });

  it('keeps what others write at the same time', async () => {
    const fake = server();
    fake.rival((hardware) => {
      if (hardware.spec) hardware.spec.vendorData = 'by another';
    });
    const [outcome] = await run(fake, changed);
    assert.deepEqual(outcome?.result, 'configured');
    assert.equal(fake.object?.spec?.vendorData, 'by another');
    assert.equal(fake.object?.spec?.interfaces?.[0]?.dhcp?.ip?.address, '192.0.2.77');
  });

  it('writes nothing into what is being deleted, and says so', async () => {
    const fake = server(({ metadata }) => {
      metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      metadata.finalizers = ['example.com/hold'];
    });
    const [outcome] = await run(fake, changed);
    assert.deepEqual(
      [outcome?.result, outcome?.cause],
      ['failed', 'it is being deleted; import the file again when it is gone'],
    );
    assert.deepEqual(fake.patches, []);
  });

  it('goes no further with a machine after a failure, but with the others', async () => {
    const transport = new FakeTransport(({ path, method }) =>
      method === 'GET' && path.endsWith('/hardware/node-1') ? { body: server().copy } : refusal,
    );
    const other = fakeRow({ hostname: 'node-2' });
    const machines = [targetsOf(other, new Set(), 'rack'), targetsOf(row, new Set(), 'rack')];
    const outcomes = await importHardware(new Client(transport), machines);
    assert.deepEqual(
      outcomes.map(({ what, result }) => [what, result]),
      [
        ['secret/bmc-node-2-auth', 'failed'],
        ['hardware.tinkerbell.org/node-1', 'unchanged'],
      ],
    );
  });
});
