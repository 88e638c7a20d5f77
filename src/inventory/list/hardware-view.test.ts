import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import {
  ownerNameLabel,
  ownerNamespaceLabel,
  quarantineLabel,
  quarantineReasonAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { fakeRow } from '../fake-row.ts';
import { type BmcRow, newMachine } from '../objects/bmc.ts';
import { newHardware } from '../objects/hardware.ts';

import { viewsOf } from './hardware-view.ts';

const row = fakeRow() as BmcRow;
const other = fakeRow({ hostname: 'node-2', ipAddress: '192.0.2.20', mac: '02:00:5e:00:53:02' });

function bmc(status: Machine['status']): Machine {
  return { ...newMachine(row, 'rack'), ...(status === undefined ? {} : { status }) };
}

function owned(annotations: Record<string, string> = {}) {
  const hardware = newHardware(row, 'rack');
  hardware.metadata.labels = { [ownerNameLabel]: 'machine-1', [ownerNamespaceLabel]: 'default' };
  hardware.metadata.annotations = annotations;
  return hardware;
}

const contactable = bmc({ powerState: 'on', conditions: [{ type: 'Contactable', status: 'True' }] });

describe('the view of Hardware', () => {
  it('shows owner, power and state', () => {
    const base = { namespace: 'rack', name: 'node-1', power: 'on' };
    assert.deepEqual(viewsOf([newHardware(row, 'rack')], [contactable]), [{ ...base, state: 'Available' }]);
    assert.deepEqual(viewsOf([owned()], [contactable]), [{ ...base, owner: 'default/machine-1', state: 'Claimed' }]);
    const [view] = viewsOf([owned({ 'v1alpha1.tinkerbell.org/provisioned': 'true' })], [contactable]);
    assert.equal(view?.state, 'Provisioned');
    const aside = owned({ [quarantineReasonAnnotation]: 'dust' });
    Object.assign(aside.metadata.labels ?? {}, { [quarantineLabel]: 'true' });
    const [quarantined] = viewsOf([aside], [contactable]);
    assert.deepEqual([quarantined?.state, quarantined?.reason], ['Quarantined', 'dust']);
  });

  for (const [what, machines, reason] of [
    ['is not there', [], 'there is no bmc Machine bmc-node-1'],
    ['was not asked', [bmc(undefined)], 'its BMC was not asked yet'],
    [
      'does not answer',
      [bmc({ conditions: [{ type: 'Contactable', status: 'False', message: 'no route' }] })],
      'BMC not contactable: no route',
    ],
  ] as const) {
    it(`gives the reason when the BMC ${what}`, () => {
      const [view] = viewsOf([newHardware(row, 'rack')], machines);
      assert.deepEqual([view?.power, view?.reason], ['unknown', reason]);
    });
  }

  it('says that a machine without BMC has none', () => {
    const { bmc: _, ...plain } = row;
    const [view] = viewsOf([newHardware(plain, 'rack')], []);
    assert.deepEqual([view?.power, view?.reason], [undefined, 'no BMC: its power cannot be switched']);
  });

  it('tells of both machines that share an address, and not of the ports of one', () => {
    const twin = newHardware({ ...other, ipAddress: row.ipAddress }, 'attic');
    const bonded = newHardware(
      fakeRow({ hostname: 'bonded', ipAddress: '192.0.2.30', mac: '02:00:5e:00:53:03' }),
      'rack',
    );
    const [port] = bonded.spec?.interfaces ?? [];
    if (port !== undefined) bonded.spec?.interfaces?.push({ dhcp: { ...port.dhcp, mac: '02:00:5e:00:53:04' } });
    assert.deepEqual(
      viewsOf([newHardware(row, 'rack'), twin, bonded], []).map(({ name, state, reason }) => [name, state, reason]),
      [
        ['node-2', 'Conflict', '192.0.2.10 is also that of rack/node-1'],
        ['bonded', 'Available', 'there is no bmc Machine bmc-bonded'],
        ['node-1', 'Conflict', '192.0.2.10 is also that of attic/node-2'],
      ],
    );
  });

  it('tells what a deletion waits for', () => {
    const hardware = owned();
    hardware.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    hardware.metadata.finalizers = ['a/b'];
    const [view] = viewsOf([hardware], []);
    assert.deepEqual([view?.state, view?.reason], ['Deleting', 'waits for a/b']);
  });
});
