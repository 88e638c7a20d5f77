import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { LifecycleRig } from '../support/lifecycle/lifecycle-rig.ts';

describe('a cluster on the real Cluster API and a simulated rack', function () {
  this.timeout(180_000);
  let rig: LifecycleRig;

  before(async () => {
    rig = await LifecycleRig.create('life', { machines: 6, workers: 3 });
    await rig.startServices();
  });
  after(() => rig?.[Symbol.asyncDispose]());

  it('comes up from machines that are off: all Running, Ready, each on a host of its own', async () => {
    await rig.createCluster();
    await rig.untilRunning(4);
    const { owned, free } = await rig.hosts();
    assert.equal(owned.length, 4);
    assert.equal(free.length, 2);
  });
});
