import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { cutNote, eventName, microTime, referenceTo } from './event-format.ts';

describe('cutNote', () => {
  it('keeps what fits', () => {
    assert.equal(cutNote('x'.repeat(1024)), 'x'.repeat(1024));
  });

  it('cuts at 1024 bytes, never through a character', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.constantFrom('é', '€', '😀', 'x'), (shift, character) => {
        const note = 'y'.repeat(shift) + character.repeat(1100);
        const cut = cutNote(note);
        const bytes = Buffer.byteLength(cut);
        assert.ok(bytes <= 1024 && bytes > 1024 - 8, String(bytes));
        assert.ok(cut.endsWith('…') && note.startsWith(cut.slice(0, -1)) && !cut.includes('\uFFFD'));
      }),
    );
  });
});

describe('eventName', () => {
  const name = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

  it('is a valid name whatever the object is called', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('system:node', 'a'.repeat(253), `${'a'.repeat(230)}.b-`)),
        (of) => {
          const made = eventName(of, Date.UTC(2026, 0, 1));
          assert.ok(name.test(made) && made.length <= 253, made);
        },
      ),
    );
  });

  it('begins with the name of the object and is never the same', () => {
    const names = new Set(Array.from({ length: 100 }, () => eventName('host-1', 1)));
    assert.equal(names.size, 100);
    for (const made of names) assert.ok(made.startsWith('host-1.'));
  });
});

describe('formats of the API', () => {
  it('has microseconds in MicroTime', () => {
    assert.equal(microTime(Date.UTC(2026, 0, 1, 2, 3, 4, 5)), '2026-01-01T02:03:04.005000Z');
  });

  it('refers to an object by all that is known of it', () => {
    const metadata = { name: 'a', namespace: 'n', uid: 'u', resourceVersion: '7', labels: { x: 'y' } };
    assert.deepEqual(referenceTo({ apiVersion: 'v1', kind: 'Node', metadata }), {
      apiVersion: 'v1',
      kind: 'Node',
      name: 'a',
      namespace: 'n',
      uid: 'u',
      resourceVersion: '7',
    });
    assert.deepEqual(referenceTo({ apiVersion: 'v1', kind: 'Node', metadata: {} }), { apiVersion: 'v1', kind: 'Node' });
  });
});
