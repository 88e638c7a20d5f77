import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decide } from './decide.ts';
import { FakeFacts } from './fake-facts.ts';
import { jobOf } from './objects.ts';

describe("Tinkerbell's objects in another cluster than Cluster API's", () => {
  function released(elsewhere: boolean) {
    const world = new FakeFacts();
    world.elsewhere = elsewhere;
    const { metadata } = world.machine;
    world.machine = {
      ...world.machine,
      metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
      spec: { hardwareName: 'h', providerID: 'tinkerbell://ns/h' },
    };
    return world;
  }

  it('have no owner: a collector there would find none and delete them', () => {
    for (const elsewhere of [false, true]) {
      const world = released(elsewhere);
      const hardware = world.addHardware('h', { bmc: 'b' });
      const name = { namespace: 'ns', name: 'm-poweroff' };
      const job = jobOf(world.facts, { kind: 'createJob', name, hardware, actions: [{ powerAction: 'off' }] });
      assert.equal(job.metadata.ownerReferences?.length ?? 0, elsewhere ? 0 : 1);
      assert.equal(job.metadata.labels?.['capt.tinkerbell.org/machine-name'], 'm');
    }
  });

  it('are taken away with the machine, because nobody else does', () => {
    const here = decide(released(false).facts);
    assert.deepEqual(here, { kind: 'removeFinalizer', leftovers: [] });
    const there = decide(released(true).facts);
    assert.ok(there?.kind === 'removeFinalizer');
    assert.deepEqual(
      there.leftovers.map(({ kind, name }) => `${kind} ${name.namespace}/${name.name}`),
      ['Job ns/m-poweroff', 'Job ns/m-poweroff-after-wipe', 'Workflow ns/m-wipe', 'Template ns/m-wipe'],
    );
  });
});
