import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Action } from '../../../api/bmc/v1alpha1/action.ts';
import { BmcError } from '../../bmc-error.ts';
import { finishedAnnotation } from '../finished-mark.ts';
import type { BmcSettings } from '../settings.ts';
import { attemptOf } from './attempt.ts';
import { Death, FakeTaskService } from './fake-service.ts';

function service(
  action: Action,
  state: 'on' | 'off' = 'off',
  settings: Partial<BmcSettings> = {},
  origin: { ahead?: boolean } = {},
): FakeTaskService {
  const made = new FakeTaskService(action, settings, origin);
  made.bmc.state = state;
  return made;
}

const commandsOf = ({ bmc }: FakeTaskService) => bmc.commands;

describe('a Task', () => {
  it('is done when the BMC says so', async () => {
    const made = service({ powerAction: 'on' });
    assert.equal(await made.live(), 'at rest');
    assert.equal(made.outcome, 'Completed');
    assert.deepEqual(commandsOf(made), ['power on']);
    assert.ok(made.task.status?.startTime && made.task.status.completionTime);
  });

  it('M task.go:180-197: has its start time written before it acts', async () => {
    const made = service({ powerAction: 'cycle' }, 'on');
    const written: (string | undefined)[] = [];
    made.onStep = (step) => step === 'before power cycle' && written.push(made.task.status?.startTime);
    await made.live();
    assert.deepEqual(written, ['2026-01-01T00:00:00Z']);
  });

  it('M task.go:115-124: outlives an outage of its BMC', async () => {
    const made = service({ powerAction: 'on' });
    made.onStep = (step) => {
      if (step === 'before open' && made.clock.monotonic() < 120_000) throw new BmcError('unreachable', 'timed out');
    };
    assert.equal(await made.live(), 'at rest');
    assert.equal(made.outcome, 'Completed');
    assert.match(made.events.lines.join('\n'), /Warning Task ns\/j-task-0 BMCNotReached: BMC m cannot be reached/);
  });

  it('L task.go:143: ends after ten minutes, and says in seconds what it waited for', async () => {
    const made = service({ powerAction: 'on' });
    made.onStep = (step) => {
      if (step === 'before open') throw new BmcError('unreachable', 'timed out');
    };
    assert.equal(await made.live(), 'at rest');
    assert.match(
      made.outcome,
      /^Failed: nothing was sent to BMC m within 600 s, although it should switch the power on/,
    );
    assert.deepEqual(commandsOf(made), []);
  });

  it('L task.go:257-284: a BMC that answers and does nothing is caught and named', async () => {
    for (const [action, command] of [
      [{ powerAction: 'off' }, 'power off'],
      [{ oneTimeBootDeviceAction: { device: ['pxe'] } }, 'setBootOverride'],
      [{ virtualMediaAction: { kind: 'CD', mediaURL: 'http://x/a.iso' } }, 'insertMedia'],
    ] as const) {
      const made = service(action as unknown as Action, 'on');
      made.bmc.ignores.add(command);
      assert.equal(await made.live(), 'at rest');
      assert.match(made.outcome, /^Failed: BMC m was asked to .* and took it, but its .* after \d+ s/);
    }
  });

  it('is done late where the power follows half a minute later, and asks once', async () => {
    const made = service({ powerAction: 'off' }, 'on');
    made.bmc.ignores.add('power off');
    made.onStep = (step) => {
      if (step === 'before powerState' && made.clock.monotonic() >= 30_000) made.bmc.state = 'off';
    };
    assert.equal(await made.live(), 'at rest');
    assert.equal(made.outcome, 'Completed');
    assert.deepEqual(commandsOf(made), ['power off']);
  });

  it('L task.go:218: with an empty list of devices is refused with a reason', async () => {
    const made = service({ oneTimeBootDeviceAction: { device: [] } });
    await made.live();
    assert.match(made.outcome, /^Failed: the action cannot be carried out: .* empty list/);
  });

  it('waits for the right password, and goes on with it at once', async () => {
    const made = service({ powerAction: 'on' });
    made.bmc.login.password = 'another-password';
    made.onStep = (step) => {
      if (step !== 'before PATCH' || made.bmc.refusedLogins === 0) return;
      made.secret.data = { ...made.secret.data, password: btoa('another-password') };
    };
    await made.live();
    assert.equal(made.outcome, 'Completed');
    assert.equal(made.bmc.refusedLogins, 1);
    assert.ok(!JSON.stringify([made.task, made.events.lines]).includes('the-password'));
  });

  it('does not begin for a Job that is gone, at its end, or without a status', async () => {
    const { job } = service({});
    assert.ok(job);
    const { status: _status, ...bare } = job;
    for (const other of [
      undefined,
      { ...job, metadata: { ...job.metadata, uid: 'another' } },
      { ...job, metadata: { ...job.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
      { ...job, status: { ...job.status, conditions: [{ type: 'Failed', status: 'True' }] } },
      bare,
    ]) {
      const made = service({ powerAction: 'off' }, 'on', { missingRetrySeconds: 1e6 });
      made.job = other;
      await made.live();
      assert.deepEqual([made.bmc.calls, made.server.patches], [[], []]);
    }
  });

  it('touches nothing when its status was lost after it had ended', async () => {
    const made = service({ powerAction: 'off' }, 'off');
    await made.live();
    assert.equal(made.outcome, 'Completed');
    if (made.server.object !== undefined) delete made.server.object.status;
    made.bmc.state = 'on';
    await made.live();
    assert.equal(made.outcome, 'Completed');
    assert.deepEqual(commandsOf(made), []);
  });

  it('touches nothing when its status was lost while it was at it', async () => {
    const made = service({ powerAction: 'off' }, 'on');
    made.onStep = (step) => {
      if (step === 'after power off') throw new Death();
    };
    assert.equal(await made.live(), 'died');
    if (made.server.object !== undefined) delete made.server.object.status;
    made.bmc.state = 'on';
    made.onStep = () => undefined;
    await made.live();
    assert.match(made.outcome, /^Failed: Task ns\/j-task-0 was begun at .* it is not done again/);
    assert.deepEqual(commandsOf(made), ['power off']);
  });
});

describe('a Task that its Job has made, with a mark written ahead', () => {
  const made = (action: Action, state: 'on' | 'off' = 'off', settings: Partial<BmcSettings> = {}) =>
    service(action, state, settings, { ahead: true });
  const pxe = { oneTimeBootDeviceAction: { device: ['pxe'], efiBoot: true } };

  it('costs one write when nothing is in the way', async () => {
    for (const [action, command] of [
      [{ powerAction: 'on' }, 'power on'],
      [pxe, 'setBootOverride'],
      [{ virtualMediaAction: { kind: 'CD', mediaURL: 'http://x/a.iso' } }, 'insertMedia'],
    ] as const) {
      const { server, ...rest } = await lived(made(action as unknown as Action));
      assert.deepEqual(rest, { outcome: 'Completed', commands: [command] });
      assert.equal(server.patches.length, 1);
      assert.ok(server.copy.status?.startTime && server.copy.status.completionTime);
    }
  });

  it('is looked at before it is asked for again when its service died, even before that sent anything', async () => {
    const task = made({ powerAction: 'on' });
    task.onStep = (step) => {
      if (step === 'before power on') throw new Death();
    };
    assert.equal(await task.live(), 'died');
    task.onStep = () => undefined;
    const beganMs = task.clock.monotonic();
    const { outcome } = await lived(task);
    assert.equal(outcome, 'Completed');
    assert.equal(task.effects.filter((call) => call === 'power on').length, 1);
    assert.ok(task.clock.monotonic() - beganMs >= 15_000, 'it may have been sent a moment ago');
  });

  it('sets the boot device again when its service died', async () => {
    const task = made(pxe);
    task.onStep = (step) => {
      if (step === 'before setBootOverride') throw new Death();
    };
    // Somebody has set it before; it may run out any moment.
    task.bmc.override = { active: true, device: 'pxe', efiBoot: true, persistent: false };
    assert.equal(await task.live(), 'died');
    task.onStep = () => undefined;
    const { outcome } = await lived(task);
    assert.equal(outcome, 'Completed');
    assert.ok(task.effects.includes('setBootOverride'));
  });

  it('is not asked for again when it was carried out before its service died', async () => {
    const task = made({ powerAction: 'off' }, 'on');
    task.onStep = (step) => {
      if (step === 'after power off') throw new Death();
    };
    assert.equal(await task.live(), 'died');
    task.onStep = () => undefined;
    const { server, ...rest } = await lived(task);
    assert.deepEqual(rest, { outcome: 'Completed', commands: ['power off'] });
    assert.equal(server.patches.length, 1);
  });

  it('is written down before it is sent when it was made a while ago', async () => {
    const task = made({ powerAction: 'on' });
    task.onStep = (step) => {
      if (step === 'before open' && task.clock.monotonic() < 60_000) throw new BmcError('unreachable', 'timed out');
      if (step === 'before power on')
        assert.deepEqual([attemptOf(task.task)?.count, attemptOf(task.task)?.ahead], [1, undefined]);
    };
    const { outcome, commands } = await lived(task);
    assert.deepEqual({ outcome, commands }, { outcome: 'Completed', commands: ['power on'] });
  });

  it('is not sent by a process that may not write', async () => {
    const task = made({ powerAction: 'off' }, 'on');
    task.mayWrite = false;
    task.onStep = (step) => {
      if (step === 'before powerState' && task.clock.monotonic() >= 5_000) task.mayWrite = true;
      if (step === 'before power off') assert.ok(task.mayWrite);
    };
    const { outcome, commands } = await lived(task);
    assert.deepEqual({ outcome, commands }, { outcome: 'Completed', commands: ['power off'] });
    assert.ok(task.clock.monotonic() >= 5_000);
  });

  it('writes down what it has sent once that takes long', async () => {
    const task = made({ powerAction: 'off' }, 'on');
    task.bmc.ignores.add('power off');
    task.onStep = (step) => {
      if (step === 'before powerState' && task.clock.monotonic() >= 8_000) throw new Death();
    };
    assert.equal(await task.live(), 'died');
    assert.ok(task.task.status?.startTime);
    const { count, taken, ahead } = attemptOf(task.task) ?? {};
    assert.deepEqual([count, taken, ahead], [1, true, undefined]);
    assert.match(task.outcome, /^waiting: BMC m was asked to switch the power off \(once, /);
  });

  it('gets the end that its Job tells of when its status was lost, and touches nothing', async () => {
    for (const [end, wanted] of [
      ['Completed', /^Completed$/],
      ['Failed: why', /^Failed: Task ns\/j-task-0 was begun at .* it is not done again/],
    ] as const) {
      const task = made({ powerAction: 'off' }, 'on');
      if (task.job !== undefined) task.job.metadata.annotations = { [finishedAnnotation]: end };
      const { outcome } = await lived(task);
      assert.match(outcome, wanted);
      assert.deepEqual(task.bmc.calls, []);
    }
  });

  it('does not begin without the Job that it was made for', async () => {
    const task = made({ powerAction: 'off' }, 'on');
    if (task.server.object !== undefined) delete task.server.object.metadata.ownerReferences;
    const { outcome } = await lived(task);
    assert.match(outcome, /^Failed: Task ns\/j-task-0 was begun at/);
    assert.deepEqual(task.bmc.calls, []);
  });

  async function lived(task: FakeTaskService) {
    assert.equal(await task.live(), 'at rest');
    return { outcome: task.outcome, commands: task.bmc.commands, server: task.server };
  }
});

describe('a Task whose service dies at any step and whose BMC loses answers', () => {
  const actions: Action[] = [
    { powerAction: 'on' },
    { powerAction: 'off' },
    { powerAction: 'soft' },
    { powerAction: 'cycle' },
    { powerAction: 'reset' },
    { oneTimeBootDeviceAction: { device: ['pxe'], efiBoot: true } },
    { virtualMediaAction: { kind: 'CD', mediaURL: 'http://images.test/a.iso' } },
  ];
  const trouble = fc.constantFrom<'die' | 'lose' | 'busy'>('die', 'lose', 'busy');

  it('never restarts twice, never switches what is switched, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...actions),
        fc.constantFrom<'on' | 'off'>('on', 'off'),
        fc.constantFrom(0, 5, 12),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), trouble), { maxLength: 5 }),
        fc.boolean(),
        async (action, state, lagSeconds, plan, ahead) => {
          const made = service(action, state, {}, { ahead });
          // The power follows late, but within the time that it is given to settle.
          const { bmc, clock } = made;
          const power = bmc.power.bind(bmc);
          bmc.power = (command) => void clock.after(lagSeconds * 1000, () => power(command));
          made.onStep = strike(made, plan);
          let end: string = 'died';
          for (let lives = 0; end === 'died' && lives <= plan.length; lives++) end = await made.live();
          assert.equal(end, 'at rest');
          const switches = made.effects.filter((call) => /^power (on|off|soft)$/.test(call));
          assert.ok(switches.length <= 1, `switched ${switches.length} times`);
          const restarts = made.effects.filter((call) => call === 'power cycle' || call === 'power reset');
          assert.ok(restarts.length <= 1, `restarted ${restarts.length} times`);
          check(action, made, restarts.length);
          // And whatever came of it, it never acts again.
          const before = made.bmc.commands.length;
          if (made.server.object !== undefined) delete made.server.object.status;
          if (ahead && made.job !== undefined) delete made.job.status;
          made.bmc.state = state;
          await made.live();
          assert.equal(made.bmc.commands.length, before, 'acted again after its status was lost');
        },
      ),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  type Plan = readonly (readonly [afterSteps: number, what: 'die' | 'lose' | 'busy'])[];

  /** Brings on one trouble after the other, each after so many steps without one. */
  function strike({ bmc }: FakeTaskService, plan: Plan): (step: string) => void {
    const left = [...plan];
    let steps = 0;
    return (step) => {
      if (step === 'before power on') assert.equal(bmc.state, 'off', 'switched on what is on');
      if (/^before power (off|soft)/.test(step)) assert.equal(bmc.state, 'on', 'switched off what is off');
      const [next] = left;
      // An answer is lost, or is a refusal, only where there is one.
      const fits = next?.[1] === 'die' || /^(before|after) (power |set|insert|eject)/.test(step);
      if (next === undefined || steps++ < next[0] || !fits) return;
      left.shift();
      steps = 0;
      throw troubleOf(next[1], step);
    };
  }

  function troubleOf(what: Plan[number][1], step: string): Error {
    if (what === 'die') return new Death();
    if (what === 'busy' && step.startsWith('before')) return new BmcError('busy', 'busy');
    return new BmcError('unreachable', 'connection lost');
  }

  function check(action: Action, { outcome, bmc }: FakeTaskService, restarts: number): void {
    const { powerAction } = action;
    if (powerAction === 'cycle' || powerAction === 'reset') {
      if (outcome === 'Completed') assert.equal(restarts, 1);
      else assert.match(outcome, /^Failed: BMC m was asked to .*(whether it did is unknown|its power reads off)/);
      return;
    }
    assert.equal(outcome, 'Completed');
    if (powerAction === 'on') assert.equal(bmc.state, 'on');
    else if (powerAction !== undefined) assert.equal(bmc.state, 'off');
    else if (action.virtualMediaAction) assert.equal(bmc.media[0]?.url, 'http://images.test/a.iso');
    else assert.equal(bmc.override.device, 'pxe');
  }
});
