import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { judge, type MachineFacts } from './preflight.ts';

const good: MachineFacts = {
  isRoot: true,
  architecture: 'x64',
  freeMemoryBytes: 8 * 2 ** 30,
  freeDiskBytes: 20 * 2 ** 30,
  missingPrograms: [],
  hasTun: true,
};
const ask = { workers: 1, warm: false };

describe('what a machine is fit for', () => {
  it('is a rack in QEMU where everything is there', () => {
    assert.deepEqual(judge(good, ask), { rack: 'qemu', problems: [], remarks: [] });
  });

  const lacks: [string, Partial<MachineFacts>, RegExp][] = [
    ['root', { isRoot: false }, /only root/],
    ['x86-64', { architecture: 'arm64' }, /this one is arm64/],
    ['programs', { missingPrograms: ['qemu-system-x86_64', 'ip'] }, /no qemu-system-x86_64, no ip/],
    ['/dev/net/tun', { hasTun: false }, /tun/],
    ['memory', { freeMemoryBytes: 4 * 2 ** 30 }, /6\.8 GiB of memory are needed, and 4\.0 GiB are free/],
    ['disk', { freeDiskBytes: 2 ** 30 }, /16\.0 GiB of disk are needed/],
  ];
  for (const [what, change, why] of lacks) {
    it(`is simulated machines without ${what}, and says so`, () => {
      const { rack, problems, remarks } = judge({ ...good, ...change }, ask);
      assert.deepEqual([rack, problems], ['simulated', []]);
      assert.match(remarks.join('; '), why);
      // Who asked for QEMU gets to know instead of something else.
      const asked = judge({ ...good, ...change }, { ...ask, rack: 'qemu' });
      assert.equal(asked.rack, 'qemu');
      assert.match(asked.problems.join('; '), why);
    });
  }

  it('needs less room when everything was built before', () => {
    const little = { ...good, freeDiskBytes: 7 * 2 ** 30 };
    assert.deepEqual(judge(little, { ...ask, rack: 'qemu', warm: true }).problems, []);
  });

  it('tells all problems at once', () => {
    const poor = { ...good, isRoot: false, hasTun: false, freeDiskBytes: 0 };
    assert.equal(judge(poor, { ...ask, rack: 'qemu' }).problems.length, 3);
  });

  it('is nothing where not even simulated machines fit', () => {
    const { problems } = judge({ ...good, freeMemoryBytes: 2 ** 29 }, { ...ask, rack: 'simulated' });
    assert.equal(problems.length, 1);
  });
});
