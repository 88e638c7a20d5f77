import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { byNumber } from './files.ts';

describe('names in the order of their numbers', () => {
  it('has 2 before 10, in words too', () => {
    const names = ['nvme0n10', 'sda', 'nvme0n2', '0000:00:11.2', 'sda10', 'nvme0n2p1', 'sda2', '0000:00:02.0', ''];
    assert.deepEqual(names.sort(byNumber), [
      ...['', '0000:00:02.0', '0000:00:11.2'],
      ...['nvme0n2', 'nvme0n2p1', 'nvme0n10', 'sda', 'sda2', 'sda10'],
    ]);
  });

  it('is an order', () => {
    const name = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'b', ':'), maxLength: 6 });
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        assert.equal(Math.sign(byNumber(a, b)), -Math.sign(byNumber(b, a)) + 0);
        assert.equal(byNumber(a, b) === 0, a === b);
        if (byNumber(a, b) < 0 && byNumber(b, c) < 0) assert.ok(byNumber(a, c) < 0);
      }),
    );
  });
});
