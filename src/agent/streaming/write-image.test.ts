import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'mocha';
import { skipBecause } from '../../../test/support/reporter.ts';
import type { Fault } from './fault-server.ts';
import type { Compression } from './format.ts';
import { generator, sampleImage } from './sample-image.ts';
import { compressed, type Outcome, type Try, tryToWrite } from './stream-rig.ts';

const imageBytes = 4 << 20;
const image = sampleImage(imageBytes);
const sha256 = createHash('sha256').update(image).digest('hex');
const formats: readonly ('raw' | Compression)[] = ['raw', 'gz', 'zst', 'xz', 'bz2'];

function served(format: 'raw' | Compression, context: Mocha.Context): Buffer {
  const content = format === 'raw' ? image : compressed(format, image);
  return content ?? skipBecause(context, `the program that writes ${format} is not installed`);
}

const write = (content: Uint8Array, more: Partial<Try> = {}): Promise<Outcome> =>
  tryToWrite({ content, diskBytes: imageBytes, ...more });

function assertWritten({ result, disk, error }: Outcome): void {
  assert.equal(error, undefined);
  assert.equal(result?.rawBytes, imageBytes);
  assert.equal(Buffer.compare(disk, image), 0);
}

function assertFailed(outcome: Outcome, code: string | RegExp, what?: string): void {
  assert.match(outcome.code ?? 'a success', typeof code === 'string' ? new RegExp(`^${code}$`) : code, what);
  assert.ok(outcome.isUnbootable || outcome.disk.every((byte) => byte === 0xee), what);
}

describe('writeImage', function () {
  this.timeout(60_000);

  for (const format of formats) {
    it(`writes ${format}`, async function () {
      const content = served(format, this);
      for (const skipZeros of [true, false]) {
        const outcome = await write(content, { options: { skipZeros, verify: true } });
        assertWritten(outcome);
        assert.equal(outcome.result?.sha256, sha256);
        assert.equal((outcome.result?.skippedBytes ?? 0) > 0, skipZeros);
        assert.equal(outcome.requests.length, 1);
      }
    });

    it(`issue actions#139: never takes ${format} for whole that is cut on the server`, async function () {
      const content = served(format, this);
      const random = generator(7);
      for (const cut of [
        1,
        600,
        70_000 + (random() % 1e5),
        (random() % (content.length - 20)) + 1,
        content.length - 1,
      ]) {
        const outcome = await write(content.subarray(0, Math.min(cut, content.length - 1)));
        assertFailed(outcome, /IMAGE_CORRUPT|IMAGE_CUT/, `cut at ${cut}`);
      }
    });

    it(`goes on where a connection broke, for ${format}`, async function () {
      const content = served(format, this);
      const faults: Fault[] = [
        { end: { kind: 'close', at: 300_000 } },
        { end: { kind: 'reset', at: 200_000 } },
        { end: { kind: 'close', at: 10 } },
      ];
      const outcome = await write(content, { faults });
      assertWritten(outcome);
      assert.ok(outcome.requests.length >= 3);
    });
  }

  it('notices a flipped bit where the format or a digest can', async function () {
    const random = generator(11);
    for (const format of formats) {
      const content = served(format, this);
      for (let flips = 0; flips < 3; flips++) {
        const damaged = Buffer.from(content);
        const at = 64 + (random() % (content.length - 64));
        damaged[at] = (damaged[at] ?? 0) ^ (1 << (random() % 8));
        const options = format === 'raw' ? { rawSha256: sha256 } : {};
        const outcome = await write(damaged, { options });
        // Some bits mean nothing (padding, a time stamp): then the image has to be right.
        if (outcome.code === undefined) assertWritten(outcome);
        else assertFailed(outcome, /IMAGE_CORRUPT|IMAGE_DIGEST_WRONG|IMAGE_CUT/, `${format} bit ${at}`);
      }
    }
  });

  it('takes gz and zst of several members or frames, and drops none silently', async () => {
    const half = imageBytes / 2;
    for (const format of ['gz', 'zst'] as const) {
      const [first, second] = [image.subarray(0, half), image.subarray(half)].map((part) => compressed(format, part));
      assert.ok(first !== undefined && second !== undefined);
      assertWritten(await write(Buffer.concat([first, second])));
      const broken = Buffer.concat([first, second]);
      broken[first.length] = 0x1e;
      assertFailed(await write(broken), 'IMAGE_CORRUPT');
    }
  });

  it('drops no second stream of bz2 silently', async function () {
    const half = imageBytes / 2;
    const [first, second] = [image.subarray(0, half), image.subarray(half)].map((part) => compressed('bz2', part));
    if (first === undefined || second === undefined) skipBecause(this, 'bzip2 is not installed');
    assertWritten(await write(Buffer.concat([first, second])));
    const broken = Buffer.concat([first, second]);
    broken[first.length + 1] = 0;
    assertFailed(await write(broken), 'IMAGE_CORRUPT');
  });

  it('compares digests and lengths of what was served and of what came out', async () => {
    const content = gzipSync(image);
    const wrong = '0'.repeat(64);
    assertFailed(await write(content, { source: { sha256: wrong } }), 'IMAGE_DIGEST_WRONG');
    assertFailed(await write(content, { source: { sizeBytes: 5 } }), 'IMAGE_LENGTH_WRONG');
    assertFailed(await write(content, { options: { rawSha256: wrong } }), 'IMAGE_DIGEST_WRONG');
    assertFailed(await write(content, { options: { rawBytes: imageBytes + 1 } }), 'IMAGE_LENGTH_WRONG');
    const right = { sha256: createHash('sha256').update(content).digest('hex'), sizeBytes: content.length };
    assertWritten(await write(content, { source: right, options: { rawSha256: sha256, rawBytes: imageBytes } }));
  });

  it('refuses what changes half-way, or another range than asked for', async () => {
    const broken: Fault = { end: { kind: 'close', at: 500_000 } };
    const other = Buffer.from(image).fill(7, 1 << 17);
    for (const fault of [
      { etag: '"two"' },
      { content: other },
      { content: image.subarray(512) },
      { wrongRangeStart: 600_000 },
    ]) {
      assertFailed(
        await write(image, { faults: [broken, fault] }),
        'IMAGE_CHANGED',
        JSON.stringify(Object.keys(fault)),
      );
    }
  });

  it('goes on with a server that ignores Range, sending what is known again', async () => {
    const faults: Fault[] = [{ end: { kind: 'close', at: 500_000 } }, { ignoreRange: true }];
    assertWritten(await write(image, { faults }));
  });

  it('gives up on a server that promises more than it has, or always breaks', async () => {
    const faults = Array.from({ length: 9 }, () => ({ lengthOff: 100 }));
    assertFailed(await write(image, { faults }), /IMAGE_DOWNLOAD_FAILED|IMAGE_CHANGED/);
    const resets: Fault[] = Array.from({ length: 9 }, () => ({ end: { kind: 'reset', at: 1000 } }));
    assertFailed(await write(image, { faults: resets }), 'IMAGE_DOWNLOAD_FAILED');
  });

  it('issue playground#217: leaves a server that stalls and asks again', async () => {
    const faults: Fault[] = [{ end: { kind: 'stall', at: 500_000 } }];
    const outcome = await write(image, { faults, source: { stallSeconds: 0.2 } });
    assertWritten(outcome);
    assert.equal(outcome.requests.length, 2);
  });

  it('issue tink#955: asks again after answers that pass, not after those that stay', async () => {
    assertWritten(await write(image, { faults: [{ status: 503 }, { status: 429 }] }));
    const outcome = await write(image, { faults: [{ status: 404 }] });
    assertFailed(outcome, 'IMAGE_HTTP_STATUS');
    assert.equal(outcome.requests.length, 1);
  });

  it('takes chunked answers, and those without an end only with a proof of it', async () => {
    // Twice: what is not plain is asked for once more, by a client that knows all of HTTP.
    const chunked: Fault[] = [{ framing: 'chunked' }, { framing: 'chunked' }];
    const none: Fault[] = [{ framing: 'none' }, { framing: 'none' }];
    assertWritten(await write(image, { faults: chunked }));
    assertFailed(await write(image, { faults: none }), 'IMAGE_LENGTH_UNKNOWN');
    assertWritten(await write(image, { faults: none, options: { rawSha256: sha256 } }));
  });

  it('goes on after every fault through a client that knows proxies and TLS as well', async () => {
    const source = { isDirect: false, stallSeconds: 0.2 };
    const faults: Fault[] = [
      { end: { kind: 'close', at: 500_000 } },
      { end: { kind: 'reset', at: 500_000 } },
      { end: { kind: 'stall', at: 500_000 } },
      { ignoreRange: true },
    ];
    assertWritten(await write(image, { source, faults }));
    assertFailed(await write(image, { source, faults: [{ lengthOff: 100 }] }), 'IMAGE_CHANGED');
  });

  it('does not touch the disk for what is no image, or not the kind that was asked for', async () => {
    const untouched = async (content: Uint8Array, code: string, more: Partial<Try> = {}): Promise<void> => {
      const outcome = await write(content, more);
      assertFailed(outcome, code);
      assert.ok(outcome.disk.every((byte) => byte === 0xee));
    };
    await untouched(Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), 'IMAGE_FORMAT_REFUSED');
    await untouched(Buffer.from('<!doctype html><p>log in'), 'IMAGE_FORMAT_REFUSED');
    await untouched(new Uint8Array(0), 'IMAGE_CORRUPT');
    await untouched(image, 'IMAGE_NOT_COMPRESSED', { options: { format: 'compressed' } });
    await untouched(image, 'IMAGE_HTTP_STATUS', { faults: [{ status: 403 }] });
  });
});
