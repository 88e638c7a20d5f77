import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { explainHardware } from '../../provider/explain/explain-hardware.ts';
import { explainMachine } from '../../provider/explain/explain-machine.ts';
import { FakeFacts } from '../../provider/machine/fake-facts.ts';
import { hardwareLines, machineLines } from './text.ts';

const now = new Date('2026-01-01T00:03:12Z');

describe('capt explain', () => {
  it('tells for a machine without a host, for each host, each rule that keeps it away', () => {
    const world = new FakeFacts();
    world.addHardware('taken', { owner: 'other' });
    world.addHardware('free');
    const { spec } = world.addHardware('bare');
    Object.assign(spec ?? {}, { disks: [], interfaces: [] });
    world.machine.status = {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'WaitingForHardware',
          message: 'none fits',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    };
    assert.deepEqual(machineLines(explainMachine(world.machine, world.facts.candidates()), now), [
      'TinkerbellMachine ns/m: waiting for 3m12s: WaitingForHardware',
      '  none fits',
      '',
      '3 Hardware, 1 could be taken:',
      '  ns/free could be taken (weight 0)',
      '  ns/taken',
      '    not "unowned": belongs to TinkerbellMachine ns/other',
      '  ns/bare',
      '    not "address": has no address for the node: spec.interfaces[0].dhcp.ip.address is missing',
      '    not "disk": has no disk to install to: spec.disks[0].device is missing',
    ]);
  });

  it('says when nobody has looked at a machine', () => {
    const lines = machineLines(explainMachine(new FakeFacts().machine, []), now);
    assert.match(lines.join('\n'), /nobody has said anything of it yet, .*: is capt serve running/);
    assert.match(lines.at(-1) ?? '', /no Hardware/);
  });

  it('tells who has a host, and why it is in quarantine', () => {
    const world = new FakeFacts();
    const hardware = world.addHardware('h', { owner: 'm' });
    Object.assign(hardware.metadata.labels ?? {}, { 'capt.tinkerbell.org/quarantined': 'true' });
    hardware.metadata.annotations = {
      'capt.tinkerbell.org/quarantine-reason': 'dust',
      'capt.tinkerbell.org/quarantined-since': '2026-01-01T00:00:12Z',
    };
    assert.deepEqual(hardwareLines(explainHardware({ hardware, bmc: undefined, unfinished: [] }), now), [
      'Hardware ns/h: held by TinkerbellMachine ns/m',
      '  power: not known, it has no BMC',
      '  in quarantine for 3m: dust',
      '  capt hardware release h lets it out',
      '  no machine could take it now:',
      '    not "unowned": belongs to TinkerbellMachine ns/m',
      '    not "not quarantined": is in quarantine since 2026-01-01T00:00:12Z: dust',
    ]);
  });
});
