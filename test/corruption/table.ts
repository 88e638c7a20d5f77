/**
 * `npm run corruption-table`: damages images in every way, streams each to a disk, and prints what became of it. Fails when a
 * damaged image was called a success, or a failure left something to boot.
 */
import { createHash } from 'node:crypto';
import type { Fault } from '../../src/agent/streaming/fault-server.ts';
import type { Compression } from '../../src/agent/streaming/format.ts';
import { generator, sampleImage } from '../../src/agent/streaming/sample-image.ts';
import { compressed, type Outcome, type Try, tryToWrite } from '../../src/agent/streaming/stream-rig.ts';

const seed = Number(process.env.SEED ?? 1);
const random = generator(seed);
const imageBytes = 3 << 20;
const image = sampleImage(imageBytes, seed);
const rawSha256 = createHash('sha256').update(image).digest('hex');
const formats: readonly ('raw' | Compression)[] = ['raw', 'gz', 'zst', 'xz', 'bz2'];

interface Damage {
  readonly name: string;
  readonly tries: (content: Buffer) => readonly Omit<Try, 'diskBytes'>[];
  /** Without a digest nothing in a raw image can tell. */
  readonly rawNeedsDigest?: boolean;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const somewhere = (content: Buffer): number => 1 + (random() % (content.length - 2));
const broken = (content: Buffer, kind: 'close' | 'reset' | 'stall'): Fault => ({
  end: { kind, at: somewhere(content) },
});
const source = { stallSeconds: 0.1 };

function flipped(content: Buffer): Buffer {
  const damaged = Buffer.from(content);
  const at = somewhere(content);
  damaged[at] = (damaged[at] ?? 0) ^ (1 << (random() % 8));
  return damaged;
}

const damages: readonly Damage[] = [
  { name: 'whole', tries: (content) => [{ content }] },
  {
    name: 'cut on the server, 20 places',
    tries: (content) => times(20, () => ({ content: content.subarray(0, somewhere(content)) })),
  },
  {
    name: 'one bit flipped, 20 places',
    tries: (content) => times(20, () => ({ content: flipped(content) })),
    rawNeedsDigest: true,
  },
  { name: 'garbage behind it', tries: (content) => [{ content: Buffer.concat([content, Buffer.alloc(999, 'x')]) }] },
  ...(['close', 'reset', 'stall'] as const).map((kind) => ({
    name: `${kind} once, then well, 5 places`,
    tries: (content: Buffer) => times(5, () => ({ content, faults: [broken(content, kind)], source })),
  })),
  ...(['close', 'reset', 'stall'] as const).map((kind) => ({
    name: `${kind} always`,
    tries: (content: Buffer) => [{ content, faults: times(30, () => ({ end: { kind, at: 1 } })), source }],
  })),
  { name: 'promises 100 bytes more', tries: (content) => [{ content, faults: times(30, () => ({ lengthOff: 100 })) }] },
  { name: 'promises 100 bytes less', tries: (content) => [{ content: content.subarray(0, content.length - 100) }] },
  {
    name: 'ignores Range',
    tries: (content) => times(5, () => ({ content, faults: [broken(content, 'close'), { ignoreRange: true }] })),
  },
  {
    name: 'answers with another range',
    tries: (content) => [
      {
        content,
        faults: [{ end: { kind: 'close', at: content.length >> 1 } }, { wrongRangeStart: content.length - 9 }],
      },
    ],
  },
  {
    name: 'another ETag half-way',
    tries: (content) =>
      times(5, () => ({ content, faults: [broken(content, 'reset'), ...times(30, () => ({ etag: '"two"' }))] })),
  },
  {
    name: 'chunked, closed in the middle, always',
    tries: (content) => [
      { content, faults: times(30, () => ({ framing: 'chunked' as const, end: { kind: 'close' as const, at: 1 } })) },
    ],
  },
  {
    name: 'no length, cut',
    tries: (content) => [{ content, faults: [{ framing: 'none', content: content.subarray(0, somewhere(content)) }] }],
  },
];

let wrong = 0;

/** What a cell of the table says; counts what must not happen. */
function judge(outcome: Outcome, mayPass: boolean): string {
  const isRight = Buffer.compare(outcome.disk.subarray(0, imageBytes), image) === 0;
  if (outcome.code === undefined) {
    if (isRight) return 'written';
    if (!mayPass) wrong++;
    return mayPass ? 'unnoticed' : 'WRONG IMAGE TAKEN';
  }
  const isUntouched = outcome.disk.every((byte) => byte === 0xee);
  if (outcome.isUnbootable || isUntouched) return outcome.code.replace('IMAGE_', '');
  wrong++;
  return `${outcome.code} BUT BOOTABLE`;
}

async function cell(format: 'raw' | Compression, content: Buffer, damage: Damage): Promise<string> {
  const counts = new Map<string, number>();
  const needsDigest = format === 'raw' && damage.rawNeedsDigest === true;
  for (const each of damage.tries(content)) {
    const count = async (withDigest: boolean): Promise<void> => {
      const options = withDigest ? { rawSha256 } : {};
      const result = judge(await tryToWrite({ ...each, options, diskBytes: imageBytes }), needsDigest && !withDigest);
      const text = withDigest ? `${result} (with digest)` : result;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    };
    await count(false);
    if (needsDigest) await count(true);
  }
  return [...counts].map(([text, count]) => (count === 1 ? text : `${count} ${text}`)).join(', ');
}

process.stdout.write(`seed ${seed}\n| damage | ${formats.join(' | ')} |\n|---|${'---|'.repeat(formats.length)}\n`);
for (const damage of damages) {
  const cells: string[] = [];
  for (const format of formats) {
    const content = format === 'raw' ? image : compressed(format, image);
    cells.push(content === undefined ? 'no program here' : await cell(format, content, damage));
  }
  process.stdout.write(`| ${damage.name} | ${cells.join(' | ')} |\n`);
}
process.stdout.write(wrong === 0 ? 'no damaged image was called a success\n' : `${wrong} WRONG\n`);
process.exitCode = wrong === 0 ? 0 : 1;
