import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Malformed } from '../codec/reader.ts';
import { decodeRmcp } from '../codec/rmcp.ts';
import { cipherSuites } from './cipher-suite.ts';
import { decryptPayload, encryptPayload } from './confidentiality.ts';
import { sessionKeys, userKey } from './handshake-hashes.ts';
import { SequenceWindow } from './sequence-window.ts';

describe('sealed packets', () => {
  const key = Buffer.alloc(16, 7);
  const data = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

  it('hold what was put in, for every length', () => {
    fc.assert(
      fc.property(data, fc.constantFrom(...cipherSuites), (payload, suite) => {
        const keys = sessionKeys(suite, Buffer.alloc(20, 1));
        const content = { payloadType: 0, sessionId: 0xdeadbeef, sequence: 77, payload };
        const { body } = decodeRmcp(keys.seal(content));
        assert.deepEqual(keys.open(body), content);
        // Table 13-8: what the code covers, which is the rest, is a multiple of 4 long.
        assert.equal((body.length - suite.integrityLength) % 4, 0);
        assert.throws(() => sessionKeys(suite, Buffer.alloc(20, 2)).open(body), Malformed);
      }),
    );
  });

  it('are padded by 1, 2, 3 … up to a whole block (IPMI v2.0 table 13-20)', () => {
    const vector = Buffer.alloc(16, 9);
    for (let length = 0; length < 40; length++) {
      const payload = encryptPayload(key, Buffer.alloc(length, 0xaa), vector);
      assert.equal(payload.length, 16 + Math.ceil((length + 1) / 16) * 16);
      assert.deepEqual(payload.subarray(0, 16), vector);
      assert.deepEqual(decryptPayload(key, payload), Buffer.alloc(length, 0xaa));
    }
  });

  it('are refused when what is inside cannot be', () => {
    for (const length of [0, 15, 16, 31, 33]) {
      assert.throws(() => decryptPayload(key, Buffer.alloc(length)), Malformed);
    }
    // Ciphertext of a foreign key: its pad is wrong nearly always, and never an excuse to crash.
    let refused = 0;
    for (let other = 0; other < 200; other++) {
      try {
        decryptPayload(key, encryptPayload(Buffer.alloc(16, other), Buffer.alloc(20), Buffer.alloc(16, other)));
      } catch (error) {
        assert.ok(error instanceof Malformed);
        refused += 1;
      }
    }
    assert.ok(refused > 150, String(refused));
  });

  it('come from passwords filled up to 20 bytes', () => {
    assert.deepEqual(userKey('pass'), Buffer.from(`pass${'\0'.repeat(16)}`));
    assert.deepEqual(userKey('x'.repeat(20)), Buffer.from('x'.repeat(20)));
  });
});

describe('a sequence window', () => {
  const accepted = (...sequences: number[]) => {
    const window = new SequenceWindow();
    return sequences.filter((sequence) => window.accept(sequence));
  };

  it('takes each number once, in any order', () => {
    assert.deepEqual(accepted(1, 2, 2, 1, 5, 3, 4, 4, 5, 6), [1, 2, 5, 3, 4, 6]);
  });

  it('takes none that is too old, and none that is zero', () => {
    assert.deepEqual(accepted(0, 17, 1, 1, 18, 1, 2, 0), [17, 1, 18, 2]);
    assert.deepEqual(accepted(100, 83, 84, 84), [100, 84]);
  });

  it('goes on after any number of lost packets, up to the last number there is', () => {
    assert.deepEqual(accepted(1, 0xfffffffe, 0xffffffff, 1, 0xffffffff), [1, 0xfffffffe, 0xffffffff]);
    assert.deepEqual(accepted(1, 18, 2, 1, 34, 18, 19), [1, 18, 2, 34, 19]);
  });

  it('never takes a number twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 100 }), (sequences) => {
        const taken = accepted(...sequences);
        assert.equal(new Set(taken).size, taken.length);
        // Whatever is the newest so far has never been refused.
        assert.equal(taken.includes(Math.max(0, ...sequences)), Math.max(0, ...sequences) > 0);
      }),
    );
  });
});
