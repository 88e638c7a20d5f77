/**
 * Our TFTP server beside tftpd-hpa and dnsmasq, in one run: 100 clients (curl) at once, each gets ipxe.efi in blocks of
 * 1468 bytes. `npm run bench:tftp`, as root because tftpd-hpa wants that; `BENCH_ROUNDS=5`.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { has, median, ServerProcess } from './netboot/process.ts';
import { nodeFlags } from './node-flags.ts';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const clients = 100;
const folder = mkdtempSync(join(tmpdir(), 'capt-bench-tftp-'));
const file = join(folder, 'ipxe.efi');
copyFileSync('/usr/lib/ipxe/ipxe.efi', file);
const gigabytes = (statSync(file).size * clients) / 1e9;

const ours = fileURLToPath(new URL('netboot/tftp-server.ts', import.meta.url));
/** `-L` keeps tftpd-hpa in the foreground, `-k` dnsmasq. */
const contestants: { name: string; command: string; args(port: number): string[] }[] = [
  { name: 'capt', command: process.execPath, args: (port) => [...nodeFlags, ours, String(port), file] },
  {
    name: 'tftpd-hpa',
    command: 'in.tftpd',
    args: (port) => ['-L', '-s', '-u', 'root', '-a', `127.0.0.1:${port}`, folder],
  },
  {
    name: 'dnsmasq',
    command: 'dnsmasq',
    args: (port) => [
      ...['-k', '--conf-file=/dev/null', '--user=root', '--port=0', '--enable-tftp', `--tftp-root=${folder}`],
      ...[
        '--tftp-max=200',
        '--tftp-no-fail',
        '--log-facility=/dev/null',
        '--listen-address=127.0.0.1',
        '--bind-interfaces',
      ],
      ...['--pid-file=', `--tftp-port-range=${port + 1},${port + 900}`],
    ],
  },
];

interface Measured {
  megabytesPerSecond: number;
  cpuSecondsPerGigabyte: number;
}

const results = new Map<string, Measured[]>();
try {
  for (let round = -1; round < rounds; round++) {
    // By turns, so that a busy moment of the machine hits all; the first round only warms up.
    for (const { name, command, args } of contestants) {
      if (!(await has(command))) continue;
      // dnsmasq knows only the usual port.
      const port = name === 'dnsmasq' ? 69 : 16_969;
      await using server = new ServerProcess(command, args(port));
      await pause(700);
      // What is compiled on first use is not counted.
      await fetchAll(port);
      const measured = await measure(server, port);
      if (round >= 0) results.set(name, [...(results.get(name) ?? []), measured]);
    }
  }
  process.stdout.write(table());
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(server: ServerProcess, port: number): Promise<Measured> {
  const [cpuBefore, started] = [server.cpuSeconds(), performance.now()];
  await fetchAll(port);
  const seconds = (performance.now() - started) / 1000;
  return {
    megabytesPerSecond: (gigabytes * 1000) / seconds,
    cpuSecondsPerGigabyte: (server.cpuSeconds() - cpuBefore) / gigabytes,
  };
}

async function fetchAll(port: number): Promise<void> {
  const one = ['-o', '/dev/null', `tftp://127.0.0.1:${port}/ipxe.efi`];
  const transfers = Array.from({ length: clients }, () => one).flat();
  const together = [
    '-sSf',
    '--parallel',
    '--parallel-immediate',
    '--parallel-max',
    `${clients}`,
    '--tftp-blksize',
    '1468',
  ];
  await promisify(execFile)('curl', [...together, ...transfers], { timeout: 120_000 });
}

function table(): string {
  const figure = (name: string, key: keyof Measured) => median((results.get(name) ?? []).map((one) => one[key]));
  const rows = [...results.keys()].map((name) => {
    const [speed, cpu] = [figure(name, 'megabytesPerSecond'), figure(name, 'cpuSecondsPerGigabyte')];
    const ratios = [
      speed / figure('tftpd-hpa', 'megabytesPerSecond'),
      figure('tftpd-hpa', 'cpuSecondsPerGigabyte') / cpu,
    ];
    return `| ${[name, speed.toFixed(0), cpu.toFixed(1), ...ratios.map((ratio) => `${ratio.toFixed(2)}×`)].join(' | ')} |`;
  });
  return [
    `${clients} clients at once, ${(gigabytes * 1000).toFixed(0)} MB a round, median of ${rounds} rounds`,
    '| server | MB/s | CPU s per GB | speed, tftpd-hpa = 1 | CPU better than tftpd-hpa by |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
