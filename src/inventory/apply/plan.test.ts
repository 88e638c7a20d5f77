import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ownerNameLabel } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { describeCsvProblem } from '../csv/problem.ts';
import { fakeRow } from '../fake-row.ts';
import { newHardware } from '../objects/hardware.ts';

import { changeOf, clashes, vanished } from './plan.ts';
import { describeTarget, targetsOf } from './target.ts';

const columns = new Set(['bmc_ip'] as const);
const other = fakeRow({ hostname: 'node-2', ipAddress: '192.0.2.20', mac: '02:00:5e:00:53:02' });

describe('the plan of an import', () => {
  it('writes what is referred to before what refers to it', () => {
    assert.deepEqual(targetsOf(fakeRow(), columns, 'rack').map(describeTarget), [
      'secret/bmc-node-1-auth',
      'machine.bmc.tinkerbell.org/bmc-node-1',
      'hardware.tinkerbell.org/node-1',
    ]);
    const { bmc: _, ...row } = fakeRow();
    assert.deepEqual(targetsOf(row, columns, 'rack').map(describeTarget), ['hardware.tinkerbell.org/node-1']);
  });

  it('creates, leaves or patches just what differs', () => {
    const [, , target] = targetsOf(fakeRow(), columns, 'rack');
    assert.ok(target !== undefined);
    const hardware = newHardware(fakeRow(), 'rack');
    assert.deepEqual(changeOf(target, undefined), { action: 'create', object: hardware });
    assert.deepEqual(changeOf(target, hardware), { action: 'leave', held: [] });
    const before = { ...hardware, spec: { ...hardware.spec, disks: [{ device: '/dev/sdb' }] } };
    assert.deepEqual(changeOf(target, before), {
      action: 'configure',
      patch: { spec: { disks: [{ device: '/dev/sda' }] } },
      held: [],
    });
  });

  it('names what came from a file and is in it no more, in the same namespace only', () => {
    const byHand = newHardware(fakeRow({ hostname: 'by-hand' }), 'rack');
    byHand.metadata.annotations = {};
    const there = [newHardware(fakeRow(), 'rack'), newHardware(other, 'rack'), newHardware(other, 'attic'), byHand];
    assert.deepEqual(
      vanished(there, [fakeRow()], 'rack').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      ['rack/node-2'],
    );
  });

  it('refuses addresses that other Hardware has, in whatever namespace', () => {
    const there = [newHardware({ ...other, hostname: 'old' }, 'rack'), newHardware(fakeRow(), 'attic')];
    assert.deepEqual(clashes(there, [fakeRow(), other], 'rack').map(describeCsvProblem), [
      'line 2, mac: must differ from that of Hardware attic/node-1, but is "02:00:5e:00:53:01": ' +
        'correct it; a machine that got another hostname has to be deleted under the old one first',
      'line 2, ip_address: must differ from that of Hardware attic/node-1, but is "192.0.2.10": ' +
        'correct it; a machine that got another hostname has to be deleted under the old one first',
      'line 2, mac: must differ from that of Hardware rack/old, but is "02:00:5e:00:53:02": ' +
        'correct it; a machine that got another hostname has to be deleted under the old one first',
      'line 2, ip_address: must differ from that of Hardware rack/old, but is "192.0.2.20": ' +
        'correct it; a machine that got another hostname has to be deleted under the old one first',
    ]);
  });

  it('lets two free machines swap addresses, but takes none from a claimed one', () => {
    const there = [newHardware(fakeRow(), 'rack'), newHardware(other, 'rack')];
    const swapped = [
      { ...fakeRow(), ipAddress: other.ipAddress },
      { ...other, ipAddress: fakeRow().ipAddress },
    ];
    assert.deepEqual(clashes(there, swapped, 'rack'), []);
    const [first] = there;
    if (first !== undefined) first.metadata.labels = { [ownerNameLabel]: 'm' };
    assert.deepEqual(
      clashes(there, swapped, 'rack').map(({ found }) => found),
      ['"192.0.2.10"'],
    );
  });
});
