import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { FakeChassis } from './fake-chassis.ts';

describe('a fake chassis', () => {
  it('obeys at once unless told otherwise', () => {
    const chassis = new FakeChassis({ clock: new FakeClock() });
    const states = (['on', 'reset', 'cycle', 'soft', 'reset', 'on', 'off'] as const).map((action) => {
      chassis.power(action);
      return chassis.powerState();
    });
    assert.deepEqual(states, ['on', 'on', 'on', 'off', 'off', 'on', 'off']);
    assert.equal(chassis.boots.length, 4);
  });

  it('uses a boot override up with one boot, unless it is persistent', () => {
    const chassis = new FakeChassis({ clock: new FakeClock(), powerState: 'on' });
    const once = { device: 'pxe', efiBoot: true, persistent: false } as const;
    chassis.setBootOverride(once);
    assert.deepEqual(chassis.bootOverride(), { active: true, ...once });
    chassis.power('cycle');
    chassis.power('reset');
    chassis.setBootOverride({ ...once, persistent: true });
    chassis.power('reset');
    chassis.power('reset');
    assert.deepEqual(
      chassis.boots.map((boot) => boot?.device),
      ['pxe', undefined, 'pxe', 'pxe'],
    );
  });

  it('takes its time, and the BMC notices later still', async () => {
    const clock = new FakeClock();
    const chassis = new FakeChassis({ clock, delaysMs: { on: 1000 }, lagMs: 30_000, offTimeMs: 5000 });
    chassis.power('on');
    assert.equal(chassis.actualPowerState, 'off');
    await clock.advance(1000);
    assert.equal(chassis.actualPowerState, 'on');
    assert.equal(chassis.powerState(), 'off');
    await clock.advance(30_000);
    assert.equal(chassis.powerState(), 'on');
    chassis.power('cycle');
    assert.equal(chassis.actualPowerState, 'off');
    await clock.advance(5000);
    assert.equal(chassis.actualPowerState, 'on');
    await clock.advance(25_000);
    assert.equal(chassis.powerState(), 'off');
    await clock.advance(5000);
    assert.equal(chassis.powerState(), 'on');
  });

  it('takes commands and does nothing where it is told to fail silently', () => {
    const chassis = new FakeChassis({ clock: new FakeClock(), ignores: ['on', 'bootOverride'] });
    chassis.power('on');
    chassis.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false });
    assert.equal(chassis.powerState(), 'off');
    assert.deepEqual(chassis.bootOverride(), { active: false });
    assert.deepEqual(chassis.commands, ['on', 'bootOverride']);
  });

  it('gives up what it was about to do for a newer command, and leaves no timer', () => {
    const clock = new FakeClock();
    const chassis = new FakeChassis({ clock, delaysMs: { on: 1000, off: 2000 } });
    chassis.power('on');
    chassis.power('off');
    assert.equal(clock.pending, 1);
    chassis[Symbol.dispose]();
    assert.equal(clock.pending, 0);
  });
});
