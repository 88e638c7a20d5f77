import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { decideBeginning, type QuickstartRecord, readQuickstart, writeQuickstart } from './record.ts';

const wish = { rack: 'qemu', machines: 2, workers: 1, firmware: 'bios' } as const;
const record: QuickstartRecord = {
  format: 1,
  wish,
  ports: { api: 6443, cluster: 6444, http: 7080, agent: 42113, webhook: 9443 },
  stockedAt: '2026-01-02T03:04:05Z',
};

describe('the record of a quick start', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-record-'));
    file = join(folder, 'quickstart.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read as it was written, by its owner only', () => {
    writeQuickstart(file, record);
    assert.deepEqual(readQuickstart(file), record);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  for (const text of ['', '{', '{}', '[]', '{"format":2}', JSON.stringify({ ...record, ports: {} })]) {
    it(`counts as none when it holds ${text || 'nothing'}`, () => {
      writeFileSync(file, text);
      assert.equal(readQuickstart(file), undefined);
    });
  }

  it('is none where there is no file', () => assert.equal(readQuickstart(file), undefined));
});

describe('how a quick start begins', () => {
  const all = { stack: true, rack: true };

  it('goes on only where everything lives and is what is wanted', () => {
    assert.deepEqual(decideBeginning(record, wish, all), { kind: 'goOn' });
    assert.deepEqual(decideBeginning(undefined, wish, all), { kind: 'startOver' });
    assert.deepEqual(decideBeginning(record, wish, { ...all, stack: false }), { kind: 'startOver' });
    assert.deepEqual(decideBeginning(record, wish, { ...all, rack: false }), { kind: 'startOver' });
  });

  it('starts over where everything lives, but whoever started it was killed before it was done', () => {
    const { stockedAt: _, ...cutOff } = record;
    assert.deepEqual(decideBeginning(cutOff, wish, all), { kind: 'startOver' });
    assert.deepEqual(decideBeginning(cutOff, { ...wish, machines: 3 }, all), { kind: 'startOver' });
  });

  it('touches nothing that lives when something else is wanted', () => {
    assert.deepEqual(decideBeginning(record, { ...wish, machines: 3, firmware: 'uefi' }, all), {
      kind: 'differs',
      differences: 'machines 2 instead of 3, firmware bios instead of uefi',
    });
    assert.deepEqual(decideBeginning(record, { ...wish, machines: 3 }, { stack: false, rack: true }), {
      kind: 'startOver',
    });
  });
});
