import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { faultCases } from '../faults/cases.ts';
import { Churn } from '../faults/churn.ts';
import { eventually } from '../faults/eventually.ts';
import { noFaults } from '../faults/fault.ts';
import { Random } from '../faults/random.ts';
import { Rig } from '../faults/rig.ts';
import { runSeed } from '../faults/seed.ts';
import { testControlPlane } from '../support/control-plane.ts';

const seeds = [1, 2, 3];

describe('the controller runtime behind a bad network', function () {
  this.timeout(90_000);
  const unhandled: unknown[] = [];
  const remember = (error: unknown) => unhandled.push(error);

  before(() => process.on('unhandledRejection', remember));
  after(() => {
    process.off('unhandledRejection', remember);
    assert.deepEqual(unhandled, []);
  });

  for (const { name, fault, hits, times } of faultCases) {
    it(`ends equal to the server after ${name}`, async () => {
      await using rig = await Rig.create(testControlPlane().adminCredentials);
      const churn = new Churn(rig.truth, rig.namespace, new Random(7), 12);
      for (let i = 0; i < 15; i++) await churn.step();
      let left = times;
      rig.proxy.plan = (request) => (left > 0 && hits(request) && left-- > 0 ? fault : undefined);
      rig.mirror.start();
      await eventually(async () => {
        await churn.step();
        assert.ok(left === 0, `the fault struck ${times - left} of ${times} times`);
      }, 45);
      for (let i = 0; i < 10; i++) await churn.step();
      rig.proxy.plan = noFaults;
      await rig.mirror.verify(rig.truth);
      assert.equal(rig.proxy.struck[fault.kind], times);
    });
  }

  it('ends equal to the server after the API server was killed and came back', async () => {
    const controlPlane = testControlPlane();
    await using rig = await Rig.create(controlPlane.adminCredentials);
    const churn = new Churn(rig.truth, rig.namespace, new Random(8), 12);
    rig.mirror.start();
    for (let i = 0; i < 15; i++) await churn.step();
    assert.ok(controlPlane.kill('kube-apiserver', 'SIGKILL'));
    await eventually(() => churn.step(), 60);
    for (let i = 0; i < 15; i++) await churn.step();
    await rig.mirror.verify(rig.truth);
  });

  for (const seed of seeds) {
    it(`survives the dice (seed ${seed})`, async () => {
      await runSeed(seed, testControlPlane().adminCredentials, { changes: 60 });
    });
  }
});
