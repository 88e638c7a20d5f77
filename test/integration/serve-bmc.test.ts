import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { provisionSeed } from '../faults/provisioning-seed.ts';

describe('capt serve --services workflow,bmc', function () {
  this.timeout(240_000);

  it('switches machines on through their BMCs, boots them once by PXE, and installs them', async () => {
    const { kills } = await provisionSeed(1, { workflows: 4, kills: 0 });
    assert.equal(kills, 0);
  });

  it('is killed at random instants: nothing runs twice, no power command is repeated, nothing is lost', async () => {
    await provisionSeed(2, { workflows: 6, kills: 4 });
  });
});
