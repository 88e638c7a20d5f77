import assert from 'node:assert/strict';
import * as yaml from 'js-yaml';
import { describe, it } from 'mocha';
import { wipe } from '../../src/agent/actions/wipe/wipe.ts';
import type { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { wipeTemplate } from '../../src/provider/release/wipe-template.ts';

interface Template {
  tasks: { actions: { environment: Record<string, string> }[] }[];
}

const hardware: Hardware = {
  apiVersion: 'tinkerbell.org/v1alpha1',
  kind: 'Hardware',
  metadata: { name: 'h' },
  spec: { disks: [{ device: '/dev/sda' }, { device: '/dev/nvme0n1' }] },
};

describe('what a release tells the wipe action', () => {
  // A variable that the action does not know is ignored: a full wipe would quietly be a quick one.
  for (const policy of ['Quick', 'Full'] as const) {
    it(`is what the action understands: ${policy}`, () => {
      const { tasks } = yaml.load(wipeTemplate(hardware, { policy, image: 'capt/wipe' })) as Template;
      const environments = tasks.flatMap(({ actions }) => actions.map(({ environment }) => environment));
      assert.deepEqual(
        environments.map((environment) => environment['DEST_DISK']),
        ['/dev/sda', '/dev/nvme0n1'],
      );
      for (const environment of environments) {
        for (const [name, value] of Object.entries(environment)) {
          const variable = wipe.variables.find((each) => each.name === name);
          assert.ok(variable, `the action has no variable ${name}`);
          assert.equal(variable.check?.(value), undefined);
        }
        assert.equal(environment['WIPE_MODE'], policy);
      }
    });
  }
});
