import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Transfer } from './transfer.ts';

function sends(transfer: Transfer): number[] {
  const blocks: number[] = [];
  for (let block = transfer.next(); block > 0; block = transfer.next()) blocks.push(block);
  return blocks;
}

const plain = { blockSizeBytes: 512, windowBlocks: 1, options: false };

describe('Transfer', () => {
  it('ends with an empty block when the file fills the one before', () => {
    for (const [sizeBytes, blocks] of [
      [0, 1],
      [511, 1],
      [512, 2],
      [513, 2],
      [1024, 3],
    ] as const) {
      assert.equal(new Transfer(sizeBytes, plain).blocks, blocks);
    }
  });

  it('sends block after block, each after the ACK of the one before', () => {
    const transfer = new Transfer(1000, plain);
    assert.deepEqual(sends(transfer), [1]);
    assert.equal(transfer.acknowledge(1), true);
    assert.deepEqual(sends(transfer), [2]);
    assert.equal(transfer.acknowledge(2), false);
    assert.ok(transfer.done);
  });

  it('waits for ACK 0 when options were confirmed', () => {
    const transfer = new Transfer(1000, { ...plain, options: true });
    assert.deepEqual(sends(transfer), []);
    assert.equal(transfer.acknowledge(1), false);
    assert.ok(transfer.offering);
    assert.equal(transfer.acknowledge(0), true);
    assert.deepEqual(sends(transfer), [1]);
  });

  it('is no sorcerer’s apprentice: an ACK that comes twice sends nothing', () => {
    const transfer = new Transfer(5000, plain);
    sends(transfer);
    transfer.acknowledge(1);
    sends(transfer);
    assert.equal(transfer.acknowledge(1), false);
    assert.deepEqual(sends(transfer), []);
  });

  it('ignores ACKs of blocks that it did not send', () => {
    const transfer = new Transfer(50_000, { ...plain, windowBlocks: 4 });
    assert.deepEqual(sends(transfer), [1, 2, 3, 4]);
    for (const block of [5, 100, 0x8000, 0xffff]) assert.equal(transfer.acknowledge(block), false);
    assert.deepEqual(sends(transfer), []);
  });

  it('RFC 7440: goes back to the first block that did not arrive', () => {
    const transfer = new Transfer(50_000, { ...plain, windowBlocks: 4 });
    sends(transfer);
    assert.equal(transfer.acknowledge(2), true);
    assert.deepEqual(sends(transfer), [3, 4, 5, 6]);
    // The first one of the window got lost: told once, or every copy of that ACK would bring a window.
    assert.equal(transfer.acknowledge(2), true);
    assert.deepEqual(sends(transfer), [3, 4, 5, 6]);
    assert.equal(transfer.acknowledge(2), false);
    transfer.rewind();
    assert.deepEqual(sends(transfer), [3, 4, 5, 6]);
  });

  it('counts on after block 65535', () => {
    const transfer = new Transfer(70_000 * 512 + 1, { ...plain, windowBlocks: 16 });
    for (let sent = sends(transfer); sent.length > 0; sent = sends(transfer)) {
      transfer.acknowledge((sent.at(-1) ?? 0) & 0xffff);
    }
    assert.ok(transfer.done);
    assert.equal(transfer.sent, 70_001);
  });

  it('brings every block to a client over any network that is not bad for ever', () => {
    const loss = fc.array(fc.boolean(), { maxLength: 300 });
    fc.assert(
      fc.property(fc.nat({ max: 20_000 }), fc.integer({ min: 1, max: 8 }), loss, (sizeBytes, windowBlocks, drops) => {
        const transfer = new Transfer(sizeBytes, { blockSizeBytes: 100, windowBlocks, options: false });
        assertArrives(transfer, windowBlocks, drops);
      }),
    );
  });
});

/** A client as RFC 7440 has it; `drops` says in turn which packets get lost. */
function assertArrives(transfer: Transfer, windowBlocks: number, drops: boolean[]): void {
  let received = 0;
  let turn = 0;
  const lost = () => drops[turn++] === true;
  for (let round = 0; !transfer.done; round++) {
    assert.ok(round < 100_000, 'it goes on for ever');
    const arrived = sends(transfer).filter(() => !lost());
    assert.ok(arrived.length <= windowBlocks);
    for (const block of arrived) if (block === received + 1) received++;
    const acknowledged = arrived.length > 0 && !lost() && transfer.acknowledge(received & 0xffff);
    if (!acknowledged) transfer.rewind();
  }
  assert.equal(received, transfer.blocks);
}
