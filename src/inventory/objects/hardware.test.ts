import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { validate } from '../../api/validation/validate.ts';
import type { ColumnName } from '../csv/columns.ts';
import { fakeRow } from '../fake-row.ts';
import { type BmcRow, newMachine, newSecret, updatedMachine, updatedSecret } from './bmc.ts';
import { newHardware, updatedHardware } from './hardware.ts';

const all = new Set<ColumnName>(['bmc_ip', 'bmc_username', 'bmc_password', 'vlan_id']);
const none = new Set<ColumnName>();
const bmcRow = fakeRow() as BmcRow;

/** As it is after a claim and an installation. */
function claimed(): Hardware {
  const hardware = newHardware(fakeRow(), 'rack');
  hardware.metadata.labels = {
    ...hardware.metadata.labels,
    'v1alpha1.tinkerbell.org/ownerName': 'machine-1',
    'v1alpha1.tinkerbell.org/ownerNamespace': 'default',
  };
  hardware.metadata.finalizers = ['infrastructure.cluster.x-k8s.io/tinkerbellmachine'];
  const [first] = hardware.spec?.interfaces ?? [];
  if (first?.netboot) first.netboot.allowPXE = false;
  if (hardware.spec) hardware.spec.userData = '#cloud-config';
  return hardware;
}

describe('the objects of a row', () => {
  it('are those that EKS Anywhere makes', () => {
    assert.deepEqual(newHardware(fakeRow({ vlanId: '7' }), 'eksa-system'), {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Hardware',
      metadata: {
        name: 'node-1',
        namespace: 'eksa-system',
        labels: { type: 'cp' },
        annotations: { 'capt.tinkerbell.org/inventory-labels': 'type' },
      },
      spec: {
        bmcRef: { apiGroup: 'bmc.tinkerbell.org', kind: 'Machine', name: 'bmc-node-1' },
        disks: [{ device: '/dev/sda' }],
        metadata: {
          facility: { facility_code: 'onprem', plan_slug: 'c2.medium.x86' },
          instance: {
            operating_system: {},
            allow_pxe: true,
            always_pxe: true,
            id: '02:00:5e:00:53:01',
            hostname: 'node-1',
            ips: [{ public: true, address: '192.0.2.10', netmask: '255.255.255.0', gateway: '192.0.2.1', family: 4 }],
          },
        },
        interfaces: [
          {
            netboot: { allowPXE: true, allowWorkflow: true },
            dhcp: {
              arch: 'x86_64',
              uefi: true,
              lease_time: 4_294_967_294,
              mac: '02:00:5e:00:53:01',
              hostname: 'node-1',
              ip: { address: '192.0.2.10', netmask: '255.255.255.0', gateway: '192.0.2.1' },
              name_servers: ['192.0.2.2'],
              vlan_id: '7',
            },
          },
        ],
      },
    });
    assert.deepEqual(newMachine(bmcRow, 'eksa-system').spec, {
      connection: {
        host: '192.0.2.110',
        authSecretRef: { name: 'bmc-node-1-auth', namespace: 'eksa-system' },
        insecureTLS: true,
        providerOptions: { preferredOrder: ['gofish'] },
      },
    });
    const { metadata, type, data } = newSecret(bmcRow, 'eksa-system');
    assert.deepEqual(
      [metadata.name, metadata.labels, type, data],
      [
        'bmc-node-1-auth',
        { 'clusterctl.cluster.x-k8s.io/move': 'true' },
        'kubernetes.io/basic-auth',
        { username: 'YWRtaW4=', password: 'czNjcmV0' },
      ],
    );
  });

  it('are right for the API server', () => {
    assert.deepEqual(validate(Hardware, newHardware(fakeRow({ vlanId: '7' }), 'a')), []);
    assert.deepEqual(validate(Machine, newMachine(bmcRow, 'a')), []);
  });

  it('change nothing the second time', () => {
    const hardware = newHardware(fakeRow(), 'rack');
    assert.deepEqual(updatedHardware(hardware, fakeRow(), all), { hardware, held: [] });
    const machine = newMachine(bmcRow, 'rack');
    assert.deepEqual(updatedMachine(machine, bmcRow, 'rack'), machine);
    const secret = newSecret(bmcRow, 'rack');
    assert.deepEqual(updatedSecret(secret, bmcRow), secret);
  });

  it('leave owner, user-data, netboot and identity of a claimed machine, and say what differs', () => {
    const before = claimed();
    const row = fakeRow({ ipAddress: '192.0.2.99', disk: '/dev/sdb', labels: { type: 'worker', rack: 'a' } });
    const { hardware, held } = updatedHardware(before, row, all);
    assert.deepEqual(hardware.spec, before.spec);
    assert.deepEqual(hardware.metadata.finalizers, before.metadata.finalizers);
    assert.deepEqual(hardware.metadata.labels, {
      type: 'worker',
      rack: 'a',
      'v1alpha1.tinkerbell.org/ownerName': 'machine-1',
      'v1alpha1.tinkerbell.org/ownerNamespace': 'default',
    });
    assert.deepEqual(held, ['spec.disks', 'spec.interfaces', 'spec.metadata']);
    assert.deepEqual(updatedHardware(before, fakeRow(), all), { hardware: before, held: [] });
  });

  it('do not take the BMC away from a claimed machine', () => {
    const { bmc: _, ...row } = fakeRow();
    const { hardware, held } = updatedHardware(claimed(), row, all);
    assert.equal(hardware.spec?.bmcRef?.name, 'bmc-node-1');
    assert.deepEqual(held, ['spec.bmcRef']);
  });

  it('do not lose the owner, even when somebody lists its labels among those of the file', () => {
    const before = claimed();
    const listed = 'type,v1alpha1.tinkerbell.org/ownerName';
    before.metadata.annotations = { 'capt.tinkerbell.org/inventory-labels': listed };
    const { hardware } = updatedHardware(before, fakeRow(), all);
    assert.equal(hardware.metadata.labels?.['v1alpha1.tinkerbell.org/ownerName'], 'machine-1');
  });

  it('change a free machine in what the file says, and keep what it does not say', () => {
    const before = newHardware(fakeRow({ vlanId: '7' }), 'rack');
    before.metadata.labels = { ...before.metadata.labels, mine: 'x' };
    const spec = before.spec ?? {};
    spec.vendorData = 'v';
    spec.interfaces = [
      { dhcp: { mac: '02:00:5e:00:53:aa' } },
      { ...spec.interfaces?.[0], netboot: { allowPXE: false } },
    ];
    spec.disks = [...(spec.disks ?? []), { device: '/dev/sdz' }];
    const row = fakeRow({ ipAddress: '192.0.2.20', disk: '/dev/nvme0n1', labels: { rack: 'a' } });
    const { hardware, held } = updatedHardware(before, row, none);
    assert.deepEqual(held, []);
    assert.deepEqual(hardware.metadata.labels, { mine: 'x', rack: 'a' });
    const [other, own] = hardware.spec?.interfaces ?? [];
    assert.deepEqual(other, { dhcp: { mac: '02:00:5e:00:53:aa' } });
    assert.deepEqual(
      [own?.netboot, own?.dhcp?.ip?.address, own?.dhcp?.vlan_id],
      [{ allowPXE: false }, '192.0.2.20', '7'],
    );
    assert.deepEqual(hardware.spec?.disks, [{ device: '/dev/nvme0n1' }, { device: '/dev/sdz' }]);
    assert.equal(hardware.spec?.metadata?.instance?.ips?.[0]?.address, '192.0.2.20');
    assert.equal(hardware.spec?.vendorData, 'v');
  });

  it('take away what a column says is empty, and only what a file gave', () => {
    const { bmc: _, ...row } = fakeRow();
    const before = newHardware(fakeRow({ vlanId: '7' }), 'rack');
    const emptied = updatedHardware(before, row, all).hardware.spec;
    assert.deepEqual([emptied?.bmcRef, emptied?.interfaces?.[0]?.dhcp?.vlan_id], [undefined, undefined]);
    if (before.spec) before.spec.bmcRef = { kind: 'Machine', name: 'by-hand' };
    assert.equal(updatedHardware(before, row, all).hardware.spec?.bmcRef?.name, 'by-hand');
    assert.equal(updatedHardware(newHardware(fakeRow(), 'rack'), row, none).hardware.spec?.bmcRef?.name, 'bmc-node-1');
  });

  it('leave how a BMC is spoken to, and the rest of a Secret', () => {
    const machine = newMachine(bmcRow, 'rack');
    const connection = { ...machine.spec?.connection, host: 'old', insecureTLS: false, port: 6230 };
    const updated = updatedMachine({ ...machine, spec: { connection } }, bmcRow, 'rack').spec?.connection;
    assert.deepEqual([updated?.host, updated?.insecureTLS, updated?.port], ['192.0.2.110', false, 6230]);
    const secret = updatedSecret({ ...newSecret(bmcRow, 'rack'), data: { more: 'eA==' } }, bmcRow);
    assert.deepEqual(Object.keys(secret.data ?? {}), ['more', 'username', 'password']);
  });
});
