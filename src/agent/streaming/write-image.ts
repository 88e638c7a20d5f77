import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { ActionContext } from '../actions/action.ts';
import { type BuiltIn, isBuiltIn } from './decode/decoders.ts';
import type { Decompressor } from './decode/decompressor.ts';
import { ProgramDecoder } from './decode/program-decoder.ts';
import { findProgram, programName } from './decode/programs.ts';
import { ThreadDecoder } from './decode/thread-decoder.ts';
import { type Compression, detectBytes, detectFormat, type Format, isCompression, refusalAdvice } from './format.ts';
import { cutReason, type ImageTable, imageTable } from './image-table.ts';
import { peek } from './peek.ts';
import { DiskWriter } from './sink/disk-writer.ts';
import type { SinkResult } from './sink/image-sink.ts';
import type { ImageSource } from './source/source.ts';

export interface WriteImageOptions {
  readonly source: () => ImageSource | Promise<ImageSource>;
  readonly disk: { readonly path: string; readonly sizeBytes?: number };
  /** What the content has to be. Default: the content decides. */
  readonly format?: Compression | 'raw' | 'compressed' | undefined;
  readonly rawBytes?: number | undefined;
  readonly rawSha256?: string | undefined;
  /** The end of the data is proven by other means (a digest of the data as served). */
  readonly endProven?: boolean;
  /** Do not write zeros where the disk is proven to read zeros anyway. */
  readonly skipZeros: boolean;
  /** Read everything back before the disk is made bootable. */
  readonly verify: boolean;
  /** Refuse images that are shorter than their partition table says. */
  readonly partitionCheck: boolean;
}

export type WriteContext = Pick<ActionContext, 'run' | 'start' | 'signal' | 'clock' | 'log' | 'progress'>;

export interface WrittenImage {
  readonly format: Format;
  readonly rawBytes: number;
  readonly skippedBytes: number;
  readonly sha256: string | undefined;
  readonly table: ImageTable | undefined;
}

/**
 * Streams an image to a disk. Resolves only when all of it is there, synced and as expected; else it throws and the disk has
 * nothing to boot from. Nothing is touched before the first bytes of the image are there and make sense.
 */
export async function writeImage(context: WriteContext, options: WriteImageOptions): Promise<WrittenImage> {
  return await new ImageWrite(context, options, await options.source()).run();
}

class ImageWrite {
  readonly #context: WriteContext;
  readonly #options: WriteImageOptions;
  readonly #source: ImageSource;

  constructor(context: WriteContext, options: WriteImageOptions, source: ImageSource) {
    this.#context = context;
    this.#options = options;
    this.#source = source;
  }

  async run(): Promise<WrittenImage> {
    const chunks = this.#source.chunks();
    try {
      const { head, whole } = await peek(chunks, detectBytes);
      return await this.#write(this.#judge(head), whole());
    } finally {
      await chunks.return();
    }
  }

  /** Everything that can be wrong before the disk is touched. */
  #judge(head: Uint8Array): Compression | 'raw' {
    const { format: expected, disk, rawBytes, rawSha256, endProven } = this.#options;
    const url = this.#source.shownUrl;
    const format = detectFormat(head);
    if (head.length === 0) throw new CaptError('IMAGE_CORRUPT', { url, format, cause: 'it is empty' });
    const advice = refusalAdvice(format);
    if (advice !== undefined) throw new CaptError('IMAGE_FORMAT_REFUSED', { url, format, advice });
    const agrees =
      expected === undefined || expected === format || (expected === 'compressed' && isCompression(format));
    if (!agrees) throw new CaptError('IMAGE_NOT_COMPRESSED', { url, expected, format });
    if (this.#source.endUnproven && !endProven && rawBytes === undefined && rawSha256 === undefined) {
      throw new CaptError('IMAGE_LENGTH_UNKNOWN', { url });
    }
    const imageBytes = rawBytes ?? (format === 'raw' ? this.#source.totalBytes : undefined);
    if (imageBytes !== undefined && imageBytes > (disk.sizeBytes ?? Number.POSITIVE_INFINITY)) {
      throw new CaptError('IMAGE_TOO_BIG', { url, imageBytes, disk: disk.path, diskBytes: disk.sizeBytes ?? 0 });
    }
    return isCompression(format) ? format : 'raw';
  }

  async #write(format: Compression | 'raw', chunks: AsyncIterable<Uint8Array>): Promise<WrittenImage> {
    const { disk, skipZeros, verify, rawBytes, rawSha256 } = this.#options;
    const { signal, log } = this.#context;
    const knownBytes = rawBytes ?? (format === 'raw' ? this.#source.totalBytes : undefined);
    const decoder = format === 'raw' ? undefined : await this.#decompressor(format);
    const writer = new DiskWriter({
      target: disk,
      sink: {
        url: this.#source.shownUrl,
        skipZeros,
        sha256: verify || rawSha256 !== undefined,
        ...(knownBytes === undefined ? {} : { knownBytes }),
      },
    });
    const stop = (): void => writer.stop();
    signal.addEventListener('abort', stop, { once: true });
    let touched = false;
    try {
      await writer.prepare();
      touched = true;
      const served = this.#counted(chunks, writer);
      if (decoder === undefined) for await (const chunk of served) await writer.write(chunk);
      else await this.#pump(decoder, served, writer);
      const result = await writer.finish();
      const table = this.#check(result);
      if (verify) await writer.verify();
      signal.throwIfAborted();
      await writer.commit();
      const { skippedBytes, sha256 } = result;
      return { format, rawBytes: result.rawBytes, skippedBytes, sha256, table };
    } catch (error) {
      if (touched) await writer.wipe().catch((cause) => log(`cannot wipe the disk: ${messageOf(cause)}`));
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      await decoder?.stop();
      await writer.close().catch(() => {});
    }
  }

  async #decompressor(format: Compression): Promise<Decompressor> {
    const url = this.#source.shownUrl;
    if (isBuiltIn(format)) return new ThreadDecoder(format, url);
    return await ProgramDecoder.start(this.#context, requiredProgram(format), { url, format });
  }

  async #pump(decoder: Decompressor, served: AsyncGenerator<Uint8Array, void>, writer: DiskWriter): Promise<void> {
    const drained = writer.drain(decoder.output);
    // A disk that fails has to stop the decoder, or it would wait for room for ever.
    const diskFailed = drained.then(
      () => new Promise<never>(() => {}),
      (error: Error) => Promise.reject(error),
    );
    try {
      await Promise.race([decoder.decompress(served), diskFailed]);
      await drained;
      // What a program did not want to read still has to be there, and be what was promised.
      for await (const _ of served);
    } finally {
      await decoder.stop();
      await drained.catch(() => {});
    }
  }

  /** The data as served, with progress. */
  async *#counted(chunks: AsyncIterable<Uint8Array>, writer: DiskWriter): AsyncGenerator<Uint8Array, void> {
    const { rawBytes } = this.#options;
    for await (const chunk of chunks) {
      this.#context.signal.throwIfAborted();
      yield chunk;
      writer.flushBehind();
      const served = { bytes: this.#source.receivedBytes, totalBytes: this.#source.totalBytes };
      const { bytes, totalBytes } = rawBytes === undefined ? served : { bytes: writer.bytes, totalBytes: rawBytes };
      this.#context.progress({ bytes, ...(totalBytes === undefined ? {} : { totalBytes }), what: 'writing the image' });
    }
  }

  #check(result: SinkResult): ImageTable | undefined {
    const { rawBytes: expectedBytes, rawSha256, partitionCheck } = this.#options;
    const url = this.#source.shownUrl;
    const actual = result.rawBytes;
    if (expectedBytes !== undefined && actual !== expectedBytes) {
      throw new CaptError('IMAGE_LENGTH_WRONG', { url, what: 'raw', actual, expected: expectedBytes });
    }
    if (rawSha256 !== undefined && result.sha256 !== rawSha256) {
      const digest = result.sha256 ?? 'none';
      throw new CaptError('IMAGE_DIGEST_WRONG', { url, what: 'raw', actual: digest, expected: rawSha256 });
    }
    const table = imageTable(result.head);
    const cause = cutReason(table, actual);
    if (partitionCheck && cause !== undefined && rawSha256 === undefined) {
      throw new CaptError('IMAGE_CUT', {
        url,
        actual,
        expected: table?.neededBytes ?? Math.ceil(actual / 512) * 512,
        cause,
      });
    }
    return table;
  }
}

function requiredProgram(format: Exclude<Compression, BuiltIn>): readonly string[] {
  const program = findProgram(format);
  if (program !== undefined) return program;
  throw new CaptError('IMAGE_DECODER_MISSING', { format, programs: programName(format) });
}
