import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { Job } from '../../src/api/bmc/v1alpha1/job.ts';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Task } from '../../src/api/bmc/v1alpha1/task.ts';
import { Event } from '../../src/api/core/event.ts';
import { Secret } from '../../src/api/core/secret.ts';
import { FakeClock } from '../../src/api/time/fake-clock.ts';
import { IpmiDriver } from '../../src/bmc/ipmi/driver.ts';
import type { BmcDrivers } from '../../src/bmc/providers.ts';
import { isFinished } from '../../src/bmc/reconcile/progress.ts';
import { RedfishDriver } from '../../src/bmc/redfish/redfish-driver.ts';
import { eventually } from '../faults/eventually.ts';
import { VirtualMachine, type VirtualMachineOptions } from '../support/virtual-machine.ts';
import { BmcRig, contactOf, outcomeOf } from './bmc-reconcile-rig.ts';
import { quick, silentPort } from './bmc-redfish-rig.ts';

const netboot = [
  { powerAction: 'off' as const },
  { oneTimeBootDeviceAction: { device: ['pxe'], efiBoot: true } },
  { powerAction: 'on' as const },
];

const drivers: BmcDrivers = { ipmi: new IpmiDriver(), redfish: new RedfishDriver({ defaults: quick }) };

for (const protocol of ['ipmi', 'redfish'] as const) {
  describe(`BMC reconcilers with virtual BMCs that speak ${protocol}`, () => {
    let rig: BmcRig;
    let stack: AsyncDisposableStack;

    before(async () => {
      rig = await BmcRig.create(`bmc-${protocol}`);
      stack = new AsyncDisposableStack();
    });

    afterEach(() => rig.stopAll());

    after(async () => {
      await rig[Symbol.asyncDispose]();
      await stack.disposeAsync();
    });

    async function machine(name: string, options: Partial<VirtualMachineOptions> = {}): Promise<VirtualMachine> {
      const made = await VirtualMachine.start({ name, namespace: rig.namespace, protocol, ...options });
      stack.use(made);
      return made;
    }

    it('boots a machine by PXE, and sees whether it has power', async () => {
      const made = await machine('m1', { machine: { powerState: 'on' } });
      await made.register(rig.client);
      rig.start({ drivers });
      await rig.until(Machine, 'm1', ({ status }) => status?.powerState === 'on');
      await rig.addJob('j1', 'm1', netboot);
      assert.equal(outcomeOf(await rig.untilFinished('j1')), 'Completed');
      assert.deepEqual(made.boots, ['pxe']);
      assert.deepEqual(made.powerCommands, ['off', 'on']);
      assert.deepEqual(contactOf(await rig.machine('m1')), { status: 'True', message: `answered by ${protocol}` });
    });

    it('names a BMC that says yes and does nothing', async () => {
      const made = await machine('m2', { faults: { silentSuccess: true } });
      await made.register(rig.client);
      rig.start({ drivers, taskTimeoutSeconds: 2 });
      await rig.addJob('j2', 'm2', [{ powerAction: 'on' }, { powerAction: 'off' }]);
      const outcome = outcomeOf(await rig.untilFinished('j2'));
      assert.match(outcome, /^Failed: task .*j2-task-0 failed: BMC 127\.0\.0\.1 was asked to switch the power on/);
      assert.match(outcome, /and took it, but its power reads off/);
      assert.equal(await rig.client.find(Task, { namespace: rig.namespace, name: 'j2-task-1' }), undefined);
    });

    it('has patience with a slow BMC', async () => {
      const made = await machine('m3', { faults: { slowMs: 60 } });
      await made.register(rig.client);
      rig.start({ drivers });
      await rig.addJob('j3', 'm3', netboot);
      assert.equal(outcomeOf(await rig.untilFinished('j3')), 'Completed');
      assert.deepEqual(made.boots, ['pxe']);
    });

    it('goes on at once when a wrong login is corrected, and tells nobody what it was', async () => {
      const made = await machine('m4', { password: 'right-password' });
      await made.register(rig.client, 'wrong-password');
      rig.start({ drivers });
      await rig.until(Machine, 'm4', (found) => contactOf(found).status === 'False');
      await rig.addJob('j4', 'm4', [{ powerAction: 'on' }]);
      await eventually(async () =>
        assert.match(JSON.stringify(await rig.task('j4-task-0')), /does not accept the login/),
      );
      const password = { stringData: { password: 'right-password' } };
      await rig.client.mergePatch(Secret, { namespace: rig.namespace, name: 'm4' }, password);
      assert.equal(outcomeOf(await rig.untilFinished('j4')), 'Completed');
      await rig.until(Machine, 'm4', (found) => contactOf(found).status === 'True');
      assert.deepEqual(made.powerCommands, ['on']);
      const { namespace } = rig;
      const told = await Promise.all([
        rig.client.list(Event, { namespace }),
        rig.client.list(Machine, { namespace }),
        rig.client.list(Task, { namespace }),
      ]);
      assert.doesNotMatch(JSON.stringify(told), /(right|wrong)-password/);
    });

    it('waits for power that follows 30 s late, and asks once', async () => {
      const clock = new FakeClock(Date.now());
      const made = await machine('m5', { machine: { clock, delaysMs: { on: 30_000 } } });
      await made.register(rig.client);
      rig.start({
        drivers,
        clock,
        holdSeconds: 5,
        holdReadSeconds: 1,
        readBackSeconds: 3,
        settleSeconds: 60,
        callTimeoutSeconds: 1e5,
        connectTimeoutSeconds: 1e5,
      });
      await rig.addJob('j5', 'm5', [{ powerAction: 'on' }]);
      await using _ticking = tick(clock);
      const { status } = await rig.untilFinished('j5');
      assert.equal(outcomeOf(await rig.job('j5')), 'Completed');
      assert.ok(Date.parse(status?.completionTime ?? '') - Date.parse(status?.startTime ?? '') >= 29_000);
      assert.deepEqual(made.powerCommands, ['on']);
    });

    it('M machine: is not held up by a BMC that takes connections and says nothing', async () => {
      await using silent = await silentPort();
      const made = await machine('m6');
      await made.register(rig.client);
      const ports = { ipmitool: { port: silent.port }, redfish: { port: silent.port } };
      const spec = {
        connection: {
          host: '127.0.0.1',
          insecureTLS: true,
          authSecretRef: { namespace: rig.namespace, name: 'm6' },
          providerOptions: ports,
        },
      };
      const metadata = { namespace: rig.namespace, name: 'silent' };
      await rig.client.create(Machine, { apiVersion: 'bmc.tinkerbell.org/v1alpha1', kind: 'Machine', metadata, spec });
      rig.start({ drivers, machineConcurrency: 2, taskConcurrency: 2 });
      await rig.addJob('j6-silent', 'silent', [{ powerAction: 'on' }]);
      await rig.addJob('j6', 'm6', [{ powerAction: 'on' }]);
      assert.equal(outcomeOf(await rig.untilFinished('j6')), 'Completed');
      const seen = await rig.until(Machine, 'silent', (found) => contactOf(found).status === 'False');
      assert.match(contactOf(seen).message ?? '', /ipmi: .*; redfish: .*no answer/);
      assert.equal(outcomeOf(await rig.job('j6-silent')), 'under way');
      await rig.client.delete(Job, { namespace: rig.namespace, name: 'j6-silent' });
    });

    it('M task.go:180-197: cuts no power when Job and Tasks come back without their status', async () => {
      const made = await machine('m7');
      await made.register(rig.client);
      rig.start({ drivers });
      await rig.addJob('j7', 'm7', netboot);
      await rig.untilFinished('j7');
      await rig.stopAll();
      const { namespace } = rig;
      const lose = { subresource: 'status' } as const;
      for (const name of ['j7-task-0', 'j7-task-1', 'j7-task-2']) {
        await rig.client.mergePatch(Task, { namespace, name }, { status: null }, lose);
      }
      await rig.client.mergePatch(Job, { namespace, name: 'j7' }, { status: null }, lose);
      const before = [...made.chassis.commands];
      rig.start({ drivers });
      assert.equal(outcomeOf(await rig.untilFinished('j7')), 'Completed');
      for (const name of ['j7-task-0', 'j7-task-1', 'j7-task-2']) {
        assert.equal(outcomeOf(await rig.until(Task, name, isFinished)), 'Completed');
      }
      assert.deepEqual(made.chassis.commands, before);
    });

    it('is killed at random instants, and no power command is repeated', async () => {
      const names = Array.from({ length: 6 }, (_, i) => `crash-${i}`);
      const machines = await Promise.all(
        names.map((name, i) =>
          machine(name, { machine: { powerState: i % 2 ? 'on' : 'off', delaysMs: { on: 30 * i, off: 40 * i } } }),
        ),
      );
      for (const made of machines) await made.register(rig.client);
      for (const name of names) await rig.addJob(name, name, netboot);
      // Long enough that nothing is asked twice because it takes its time.
      const patient = { drivers, settleSeconds: 3, holdSeconds: 1 };
      let running = rig.start(patient);
      for (let kill = 0; kill < 8; kill++) {
        const commands = machines.reduce((sum, { chassis }) => sum + chassis.commands.length, 0);
        await eventually(() => {
          const now = machines.reduce((sum, { chassis }) => sum + chassis.commands.length, 0);
          assert.ok(now > commands || now >= 15);
        });
        running.kill();
        await running.ended.catch(() => undefined);
        running = rig.start(patient);
      }
      for (const name of names) assert.equal(outcomeOf(await rig.untilFinished(name)), 'Completed');
      for (const made of machines) {
        assert.deepEqual(made.boots, ['pxe'], made.name);
        assert.equal(made.powerCommands.length, new Set(made.powerCommands).size, made.powerCommands.join(', '));
      }
    });

    it('L job.go:104-106: a Job waits for a Machine that is not there, and says so', async () => {
      rig.start({ drivers });
      await rig.addJob('j8', 'm8', [{ powerAction: 'on' }]);
      await rig.until(Job, 'j8', ({ status }) => /no bmc Machine .*\/m8/.test(JSON.stringify(status?.conditions)));
      const made = await machine('m8');
      await made.register(rig.client);
      assert.equal(outcomeOf(await rig.untilFinished('j8')), 'Completed');
    });
  });
}

/** Lets the hands of a clock run, much faster than others. */
function tick(clock: FakeClock): AsyncDisposable {
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      await clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const running = run();
  return {
    [Symbol.asyncDispose]: () => {
      stop.abort();
      return running;
    },
  };
}
