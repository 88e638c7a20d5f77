/**
 * image2disk against the best pipe of Debian's programs, by turns in one run, from the same server to the same places. MB are
 * 10^6 bytes of image. CPU seconds are of all processes of a contestant (the server is apart); they say more than the time on
 * a machine that does other things as well. An agent is running when its action comes, so that starting Node is no part of it.
 * Needs the Debian packages curl, isal, zstd, xz-utils and busybox.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './streaming/bundle.ts';
import { makeImages } from './streaming/image.ts';
import { serve } from './streaming/server.ts';

const sizeBytes = Number(process.env.BENCH_MIB ?? 2048) * 2 ** 20;
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const formats = (process.env.BENCH_FORMATS ?? 'raw,gz,zst,xz').split(',');
const places = (process.env.BENCH_PLACES ?? 'tmpfs,file,loop').split(',');
const port = Number(process.env.BENCH_PORT ?? 18_473);
/** What is kept from run to run: making the images takes longer than the benchmark. */
const images = process.env.BENCH_IMAGES ?? '/dev/shm/capt-bench-images';

const decoders: Record<string, string> = { raw: 'cat', gz: 'igzip -d -c', zst: 'zstd -d -c -q', xz: 'xz -d -c -T0' };
/** MB/s of the original, from the figures of others; scaled by what the zstd pipe did on that machine and does here. */
const original: Record<string, number> = { raw: 976, gz: 680, zst: 832, xz: 80 };
const originalZstdPipe = 1579;

interface Figures {
  readonly megabytesPerSecond: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
}

/** Runs a shell command; when it says `ready SECONDS`, only what comes after that counts, and not those seconds of CPU. */
const accounting = `import resource, subprocess, sys, time
start = time.monotonic()
spent = 0
run = subprocess.Popen(['sh', '-c', sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
line = run.stdout.readline()
if line.startswith('ready '):
    spent = float(line.split()[1])
    start = time.monotonic()
run.stdin.close()
status = run.wait()
elapsed = time.monotonic() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(elapsed, usage.ru_utime + usage.ru_stime - spent, usage.ru_maxrss)
sys.exit(status)`;

function measure(command: string): Figures {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', accounting, command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  const [seconds = 0, cpu = 0, kibibytes = 0] = stdout.trim().split(' ').map(Number);
  return { megabytesPerSecond: sizeBytes / 1e6 / seconds, cpuSeconds: cpu, peakMebibytes: kibibytes / 1024 };
}

/** `conv=sparse` writes no zeros, so the place has to be empty before, as it has to be for us. */
function pipe(format: string, disk: string, isDisk: boolean): string {
  const decode = format === 'raw' ? '' : `| ${decoders[format]}`;
  const empty = isDisk ? `blkdiscard -z ${disk} &&` : `rm -f ${disk} &&`;
  const dd = `dd of=${disk} bs=64k iflag=fullblock conv=sparse,fsync status=none`;
  return `${empty} curl -sf http://127.0.0.1:${port}/img.${format} ${decode} | ${dd}`;
}

function us(format: string, disk: string, isDisk: boolean): string {
  const empty = isDisk ? '' : `: >${disk} &&`;
  return `${empty} ${process.execPath} ${ours} http://127.0.0.1:${port}/img.${format} ${disk} 2>/dev/null`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function middle(all: readonly Figures[]): Figures {
  return {
    megabytesPerSecond: median(all.map((each) => each.megabytesPerSecond)),
    cpuSeconds: median(all.map((each) => each.cpuSeconds)),
    peakMebibytes: median(all.map((each) => each.peakMebibytes)),
  };
}

/** `disk` gives what is written to, for each run anew: none may begin with what the one before has done to it. */
function compare(place: string, disk: () => string): void {
  const isDisk = place === 'loop';
  const results = new Map<string, { peer: Figures; own: Figures }>();
  for (const format of formats) {
    const peer: Figures[] = [];
    const own: Figures[] = [];
    for (let round = 0; round < rounds; round++) {
      peer.push(measure(pipe(format, disk(), isDisk)));
      const written = disk();
      own.push(measure(us(format, written, isDisk)));
      execFileSync('cmp', ['-n', String(sizeBytes), written, join(images, 'img.raw')]);
    }
    results.set(format, { peer: middle(peer), own: middle(own) });
  }
  const zstd = results.get('zst')?.peer.megabytesPerSecond;
  for (const [format, { peer, own }] of results) {
    const scaled = zstd === undefined ? Number.NaN : ((original[format] ?? 0) / originalZstdPipe) * zstd;
    const cells = [
      place,
      format,
      own.megabytesPerSecond.toFixed(0),
      peer.megabytesPerSecond.toFixed(0),
      (own.megabytesPerSecond / peer.megabytesPerSecond).toFixed(2),
      scaled.toFixed(0),
      (own.megabytesPerSecond / scaled).toFixed(2),
      own.cpuSeconds.toFixed(2),
      peer.cpuSeconds.toFixed(2),
      own.peakMebibytes.toFixed(0),
      peer.peakMebibytes.toFixed(0),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

mkdirSync(images, { recursive: true });
makeImages(images, sizeBytes, formats);
const server = await serve(images, port);
const memory = mkdtempSync('/dev/shm/capt-bench-');
const folder = mkdtempSync(join(tmpdir(), 'capt-bench-'));
const ours = await bundle(folder);
let loop = '';
try {
  process.stdout.write(`${sizeBytes / 2 ** 20} MiB, median of ${rounds} rounds\n`);
  process.stdout.write(
    '| to | format | MB/s | pipe MB/s | ratio | original, scaled | ratio | CPU s | pipe CPU s | peak MiB | pipe |\n',
  );
  process.stdout.write(`|${'---|'.repeat(11)}\n`);
  if (places.includes('tmpfs')) compare('tmpfs', () => join(memory, 'disk'));
  rmSync(join(memory, 'disk'), { force: true });
  if (places.includes('file')) compare('file', () => join(folder, 'disk'));
  rmSync(join(folder, 'disk'), { force: true });
  if (places.includes('loop')) {
    const backing = join(memory, 'backing');
    compare('loop', () => {
      detach();
      closeSync(openSync(backing, 'w'));
      truncateSync(backing, sizeBytes);
      loop = execFileSync('losetup', ['--find', '--show', backing], { encoding: 'utf8' }).trim();
      return loop;
    });
  }
} finally {
  detach();
  server.kill();
  rmSync(memory, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

function detach(): void {
  if (loop !== '') execFileSync('losetup', ['--detach', loop]);
  loop = '';
}
