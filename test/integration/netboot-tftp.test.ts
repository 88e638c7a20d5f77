import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, afterEach, before, describe, it } from 'mocha';
import { eventually } from '../faults/eventually.ts';
import { Random } from '../faults/random.ts';
import { skipBecause } from '../support/reporter.ts';
import { missing } from './bmc-ipmi-tool.ts';
import { TftpRig } from './netboot-rig.ts';

const run = promisify(execFile);
const limits = { timeout: 40_000, maxBuffer: 2 ** 20 };

/** How clients that we did not write get `name`; each puts it into the file `target`. */
const clients: { program: string; name: string; command(port: number, name: string, target: string): string[] }[] = [
  {
    program: 'tftp',
    name: 'tftp-hpa',
    command: (port, name, target) => ['-m', 'binary', '127.0.0.1', `${port}`, '-c', 'get', name, target],
  },
  {
    program: 'tftp',
    name: 'tftp-hpa in netascii',
    command: (port, name, target) => ['-m', 'ascii', '127.0.0.1', `${port}`, '-c', 'get', name, target],
  },
  {
    program: 'atftp',
    name: 'atftp',
    command: (port, name, target) => ['-g', '-r', name, '-l', target, '127.0.0.1', `${port}`],
  },
  {
    program: 'atftp',
    name: 'atftp with options',
    command: (port, name, target) => [
      ...['--option', 'blksize 1400', '--option', 'tsize', '--option', 'timeout 2', '--option', 'windowsize 8'],
      ...['-g', '-r', name, '-l', target, '127.0.0.1', `${port}`],
    ],
  },
  {
    program: 'busybox',
    name: 'busybox',
    command: (port, name, target) => ['tftp', '-g', '-r', name, '-l', target, '127.0.0.1', `${port}`],
  },
  {
    program: 'busybox',
    name: 'busybox with blocks of 1400',
    command: (port, name, target) => ['tftp', '-b', '1400', '-g', '-r', name, '-l', target, '127.0.0.1', `${port}`],
  },
  {
    program: 'curl',
    name: 'curl',
    command: (port, name, target) => ['-sS', '-o', target, `tftp://127.0.0.1:${port}/${name}`],
  },
  {
    program: 'curl',
    name: 'curl without options',
    command: (port, name, target) => ['-sS', '--tftp-no-options', '-o', target, `tftp://127.0.0.1:${port}/${name}`],
  },
];

describe('TFTP with clients that we did not write', function () {
  this.timeout(60_000);
  const random = new Random(1);
  const text = (sizeBytes: number) => Buffer.from(Array.from({ length: sizeBytes }, () => random.below(256)));
  /** Sizes around the ends of blocks of 512 and 1400, and a program. */
  const files = new Map([0, 1, 511, 512, 513, 1400, 2800, 200_000].map((size) => [`f${size}`, text(size)]));
  let folder: string;
  let rig: TftpRig;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tftp-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => rig?.[Symbol.asyncDispose]());

  for (const { program, name, command } of clients) {
    for (const singlePort of [true, false]) {
      it(`${name} gets files whole${singlePort ? '' : ', a port for each'}`, async function () {
        const reason = await missing(program);
        if (reason !== undefined) skipBecause(this, reason);
        rig = await TftpRig.start({ files: { find: (file) => files.get(file) }, singlePort });
        for (const [file, content] of files) {
          const target = join(folder, file);
          rmSync(target, { force: true });
          await run(program, command(rig.port, file, target), limits);
          assert.equal(digestOf(readFileSync(target)), digestOf(content), file);
        }
        await eventually(() => assert.equal(rig.server.transfers, 0), 10);
        const { stdout, stderr, failed } = await attempt(program, command(rig.port, 'none', join(folder, 'none')));
        // tftp-hpa says so and ends well.
        assert.ok(failed || /not found/i.test(stdout + stderr), stdout + stderr);
      });
    }
  }

  it('curl gets a file of more than 65535 blocks', async function () {
    const reason = await missing('curl');
    if (reason !== undefined) skipBecause(this, reason);
    const content = Buffer.alloc(66_000 * 512 + 7, 'installer');
    rig = await TftpRig.start({ files: { find: () => content } });
    const target = join(folder, 'large');
    await run('curl', ['-sS', '-o', target, `tftp://127.0.0.1:${rig.port}/large`], limits);
    assert.equal(digestOf(readFileSync(target)), digestOf(content));
  });

  it('1,000 transfers at once', async function () {
    const reason = await missing('curl');
    if (reason !== undefined) skipBecause(this, reason);
    const content = files.get('f200000') ?? assert.fail();
    rig = await TftpRig.start({ files: { find: () => content } });
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, rig.server.transfers)), 5);
    const batches = Array.from({ length: 4 }, (_, batch) => fetchAtOnce(rig.port, 250, join(folder, `b${batch}-`)));
    await Promise.all(batches).finally(() => clearInterval(watch));
    for (let i = 0; i < 1000; i++) {
      assert.equal(digestOf(readFileSync(join(folder, `b${i % 4}-${i >> 2}`))), digestOf(content));
    }
    assert.ok(most > 100, `only ${most} at once`);
    await eventually(() => assert.equal(rig.server.transfers, 0), 10);
  });

  it('forgets clients that are killed', async function () {
    const reason = await missing('curl');
    if (reason !== undefined) skipBecause(this, reason);
    const content = Buffer.alloc(2 ** 26);
    const retry = { firstTimeoutSeconds: 0.5, maxTimeoutSeconds: 0.5, retries: 3 };
    rig = await TftpRig.start({ files: { find: () => content }, ...retry });
    // curl asks for timeouts of its own, longer ones, unless it asks for nothing.
    const started: ChildProcess[] = Array.from({ length: 10 }, () =>
      spawn('curl', ['-s', '--tftp-no-options', '-o', '/dev/null', `tftp://127.0.0.1:${rig.port}/x`], {
        stdio: 'ignore',
      }),
    );
    await eventually(() => assert.equal(rig.server.transfers, 10), 20);
    for (const child of started) child.kill('SIGKILL');
    await Promise.all(started.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    await eventually(() => assert.equal(rig.server.transfers, 0), 20);
  });

  it('serves on while datagrams of nonsense arrive', async function () {
    const reason = await missing('curl');
    if (reason !== undefined) skipBecause(this, reason);
    const content = files.get('f200000') ?? assert.fail();
    rig = await TftpRig.start({ files: { find: () => content } });
    const socket = createSocket('udp4');
    const nonsense = setInterval(() => {
      for (let i = 0; i < 20; i++) {
        const bytes = Buffer.from(Array.from({ length: random.below(40) }, () => random.below(256)));
        if (bytes.length > 1) bytes.writeUInt16BE(random.below(8), 0);
        socket.send(bytes, rig.port, '127.0.0.1');
      }
    }, 1);
    try {
      const target = join(folder, 'amid');
      await run('curl', ['-sS', '-o', target, `tftp://127.0.0.1:${rig.port}/x`], limits);
      assert.equal(digestOf(readFileSync(target)), digestOf(content));
    } finally {
      clearInterval(nonsense);
      socket.close();
    }
  });

  it('says which port is taken and what to do', async () => {
    rig = await TftpRig.start({ files: { find: () => undefined } });
    await assert.rejects(TftpRig.start({ files: { find: () => undefined }, port: rig.port }), {
      code: 'UDP_PORT_IN_USE',
      hint: /ss -lnup sport = :\d+\) or choose another port with --tftp-server-bind-port/,
    });
  });
});

async function attempt(program: string, args: string[]): Promise<{ stdout: string; stderr: string; failed: boolean }> {
  try {
    return { ...(await run(program, args, limits)), failed: false };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { stdout, stderr, failed: true };
  }
}

/** `count` downloads by one curl, into `<prefix>0` and so on. */
async function fetchAtOnce(port: number, count: number, prefix: string): Promise<void> {
  const transfers = Array.from({ length: count }, (_, i) => [
    '-o',
    `${prefix}${i}`,
    `tftp://127.0.0.1:${port}/x`,
  ]).flat();
  const together = [
    '-sS',
    '--parallel',
    '--parallel-immediate',
    '--parallel-max',
    `${count}`,
    '--tftp-blksize',
    '1468',
  ];
  await run('curl', [...together, ...transfers], limits);
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
