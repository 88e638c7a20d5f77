import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Layout, parseLayout } from './layout.ts';
import { planPartitions, sfdiskScript } from './partition-plan.ts';

const mebibyte = 1024 * 1024;

const wrap = (storage: unknown) => ({ metadata: { instance: { storage } } });
const disksOf = (...partitions: unknown[]) =>
  wrap({ disks: [{ device: '/dev/sda', wipe_table: true, partitions }], filesystems: null });

function layoutOf(json: unknown, table: 'gpt' | 'dos' = 'gpt'): Layout {
  const layout = parseLayout(json, table);
  assert.ok(!('problems' in layout), JSON.stringify(layout));
  return layout;
}

function problemsOf(json: unknown, table: 'gpt' | 'dos' = 'gpt'): string {
  const layout = parseLayout(json, table);
  assert.ok('problems' in layout);
  return layout.problems.join('\n');
}

describe('storage layout of rootio', () => {
  it('takes what /metadata answers: sizes in sectors of 512 bytes, null for no list', () => {
    const layout = layoutOf(
      wrap({
        disks: [
          {
            device: '/dev/sda',
            partitions: [
              { label: 'ROOT', number: 3, size: 0 },
              { label: 'BIOS', number: 1, size: 4096 },
            ],
            wipe_table: true,
          },
        ],
        filesystems: [
          { mount: { create: { options: ['-L', 'ROOT'] }, device: '/dev/sda3', format: 'ext4', point: '/' } },
          { mount: { create: { options: null }, device: '/dev/sda2', format: 'swap', point: 'none' } },
        ],
      }),
    );
    assert.deepEqual(layout.disks[0]?.partitions, [
      { number: 1, label: 'BIOS', sizeBytes: 4096 * 512 },
      { number: 3, label: 'ROOT', sizeBytes: 0 },
    ]);
    assert.deepEqual(layout.filesystems, [
      { device: '/dev/sda3', format: 'ext4', point: '/', options: ['-L', 'ROOT'] },
      { device: '/dev/sda2', format: 'swap', point: '', options: [] },
    ]);
    assert.deepEqual(layoutOf(wrap({ disks: null, filesystems: null })), { disks: [], filesystems: [] });
    assert.deepEqual(layoutOf({ instance: { storage: {} } }), { disks: [], filesystems: [] });
  });

  it('tells all problems at once', () => {
    const problems = problemsOf(
      wrap({
        disks: [
          {
            device: 'sda',
            wipe_table: 'yes',
            partitions: [
              { number: 1, size: 0 },
              { number: 1, size: -5 },
              { number: 500, size: 1.5, label: 'a "b"' },
            ],
          },
        ],
        filesystems: [
          { mount: { device: '/dev/../sda', format: 'zfs', point: 'root', create: { options: [1] } } },
          { mount: { device: '/dev/sdb', format: 'ext4', point: '/a' } },
          { mount: { device: '/dev/sdb', format: 'ext4', point: '/a' } },
        ],
        volume_groups: [{}],
      }),
    );
    for (const expected of [
      /disks\[0\]\.device must be a device/,
      /disks\[0\]\.wipe_table/,
      /partitions\[1\]\.size/,
      /partitions\[2\]\.size/,
      /partitions\[2\]\.number must be a whole number from 1 to 128/,
      /partitions\[2\]\.label/,
      /number 1 is there twice/,
      /partition 1 has size 0 \(the rest\), which only the last may have/,
      /filesystems\[0\]\.mount\.device/,
      /filesystems\[0\]\.mount\.format/,
      /filesystems\[0\]\.mount\.point/,
      /filesystems\[0\]\.mount\.create\.options/,
      /\/dev\/sdb is there twice/,
      /\/a is mounted twice/,
      /volume_groups cannot be made/,
    ])
      assert.match(problems, expected);
    assert.match(problemsOf({}), /no metadata\.instance\.storage/);
    assert.match(problemsOf(null), /no metadata\.instance\.storage/);
  });

  it('knows what an MBR cannot have', () => {
    const bad = disksOf(
      { number: 1, size: 8, label: 'BIOS' },
      { number: 5, size: 8, label: 'LINUX_ACTIVE' },
      { number: 2, size: 8, label: 'EFI_ACTIVE' },
    );
    assert.match(problemsOf(bad, 'dos'), /number must be a whole number from 1 to 4/);
    assert.match(problemsOf(bad, 'dos'), /an MBR needs no BIOS partition/);
    assert.match(problemsOf(bad, 'dos'), /only one partition of an MBR may be _ACTIVE/);
    layoutOf(bad, 'gpt');
  });

  it('never throws, whatever comes over the network', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('gpt' as const, 'dos' as const), (storage, table) => {
        parseLayout(storage, table);
        parseLayout(wrap(storage), table);
        parseLayout(wrap({ disks: [storage, { partitions: [storage] }], filesystems: [{ mount: storage }] }), table);
      }),
    );
  });
});

describe('partition plan of rootio', () => {
  const disk = { sizeBytes: 64 * mebibyte, sectorBytes: 512 };
  const planned = (json: unknown, table: 'gpt' | 'dos' = 'gpt', geometry = disk) => {
    const [first] = layoutOf(json, table).disks;
    assert.ok(first);
    return planPartitions(first, table, geometry);
  };

  it('begins each partition at a full MiB, and gives the last the rest', () => {
    const plan = planned(
      disksOf(
        { number: 1, size: 1, label: 'BIOS' },
        { number: 2, size: 4096, label: 'EFI_ACTIVE' },
        { number: 7, size: 0, label: 'data' },
      ),
    );
    assert.ok(!('problems' in plan));
    assert.equal(
      sfdiskScript(plan),
      `label: gpt
1 : start=2048, size=1, type=21686148-6449-6E6F-744E-656564454649, name="BIOS"
2 : start=4096, size=4096, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name="EFI_ACTIVE", attrs="LegacyBIOSBootable"
7 : start=8192, size=120832, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name="data"
`,
    );
  });

  it('writes types as bytes into an MBR, without names', () => {
    const plan = planned(disksOf({ number: 1, size: 0, label: 'LINUX_ACTIVE' }), 'dos');
    assert.ok(!('problems' in plan));
    assert.equal(sfdiskScript(plan), 'label: dos\n1 : start=2048, size=129024, type=83, bootable\n');
  });

  it('counts in the sectors of the disk', () => {
    const big = { sizeBytes: 64 * mebibyte, sectorBytes: 4096 };
    const plan = planned(disksOf({ number: 1, size: 4096 }), 'gpt', big);
    assert.ok(!('problems' in plan));
    assert.deepEqual([plan.partitions[0]?.start, plan.partitions[0]?.size], [256, 512]);
    const odd = planned(disksOf({ number: 1, size: 4097 }), 'gpt', big);
    assert.ok('problems' in odd);
    assert.match(odd.problems.join(), /no multiple of its sectors of 4096 bytes/);
  });

  it('says what does not fit, and leaves the copy of the GPT its room', () => {
    const all = 64 * 2048 - 2048 - 33;
    assert.ok(!('problems' in planned(disksOf({ number: 1, size: all }))));
    const over = planned(disksOf({ number: 1, size: all + 1 }, { number: 2, size: 0 }));
    assert.ok('problems' in over);
    assert.equal(over.problems.length, 2);
    assert.match(over.problems[0] ?? '', /partition 1 does not fit, there are 66043392 bytes left for it/);
  });

  it('never lets partitions overlap or leave the disk', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('gpt' as const, 'dos' as const),
        (sizes, table) => {
          const partitions = sizes.slice(0, 4).map((size, index) => ({ number: index + 1, size }));
          const plan = planned(disksOf(...partitions), table);
          if ('problems' in plan) return;
          let end = 2047;
          for (const { start, size } of plan.partitions) {
            assert.ok(start > end && start % 2048 === 0);
            end = start + size - 1;
          }
          assert.ok(end < 64 * 2048);
        },
      ),
    );
  });
});
