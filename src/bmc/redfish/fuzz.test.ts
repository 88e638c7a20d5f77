import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fuzz } from '../../../test/fuzz/redfish-run.ts';

describe('the Redfish driver and malformed answers', () => {
  it('ends every call in a result or a BmcError, and tells no secret (fixed seeds)', async () => {
    const report = await fuzz({ firstSeed: 1, answers: 3000, documents: 3000 });
    assert.ok(report.answers >= 3000 && report.documents >= 3000);
    for (const kind of ['protocol', 'rejected', 'unsupported', 'unreachable', 'busy', 'unauthorized']) {
      assert.ok((report.errors[kind] ?? 0) > 0, `no ${kind}: the fuzzer does not get far enough`);
    }
  });
});
