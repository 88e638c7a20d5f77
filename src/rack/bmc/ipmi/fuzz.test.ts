import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Random } from '../../../../test/faults/random.ts';
import { fuzzBmc, fuzzDriver } from '../../../../test/fuzz/ipmi-rounds.ts';

/** A few seeds only; `npm run fuzz:ipmi` sends a million packets. */
describe('malformed IPMI packets', () => {
  for (const seed of [1, 2, 3]) {
    it(`do nothing to the virtual BMC, seed ${seed}`, async () => {
      assert.ok((await fuzzBmc(new Random(seed), 2_000)).packets >= 2_000);
    });

    it(`do nothing to the driver, seed ${seed}`, async () => {
      assert.ok((await fuzzDriver(new Random(seed), 2_000)).packets >= 2_000);
    });
  }
});
