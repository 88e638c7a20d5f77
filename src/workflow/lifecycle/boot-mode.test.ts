import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { preparingJob } from './boot-mode.ts';
import { fakeFacts } from './fake-facts.ts';

const hardware: Hardware = {
  apiVersion: 'tinkerbell.org/v1alpha1',
  kind: 'Hardware',
  metadata: { namespace: 'ns', name: 'hw' },
  spec: { bmcRef: { kind: 'Machine', name: 'bmc' } },
};

describe('§9.4 L job.go:230: the bmc Job of a Workflow with a long name', () => {
  const jobFor = (length: number) =>
    preparingJob(fakeFacts({ name: 'w'.repeat(length), hardware, spec: { bootOptions: { bootMode: 'netboot' } } }));

  it('is made as long as its own name can exist', () => {
    const wanted = jobFor(253 - 'netboot-'.length);
    assert.ok('job' in wanted);
    assert.equal(wanted.job?.name.length, 253);
  });

  it('fails with what is wrong, not for ever with an error of the API server', () => {
    assert.deepEqual(jobFor(254 - 'netboot-'.length), {
      error: 'bmc Job netboot-<name of the Workflow> would have more than 253 characters',
    });
  });
});
