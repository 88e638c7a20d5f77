/**
 * Our scripts beside a file of the same size from nginx, in one run: wrk with 64 connections, 1,000 machines by turns.
 * `npm run bench:script`; `BENCH_ROUNDS=5`, `BENCH_SECONDS=4`.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { macOf } from './netboot/machines.ts';
import { has, listening, median, ServerProcess } from './netboot/process.ts';
import { nodeFlags } from './node-flags.ts';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 4);
const machines = 1000;
const port = 16_980;
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'capt-bench-script-'));

/** Asks for the script of another machine each time. */
const wrkScript = join(folder, 'machines.lua');
writeFileSync(
  wrkScript,
  `local paths = {}
for i = 0, ${machines - 1} do paths[i] = string.format("/ipxe/script/02:00:5e:00:%02x:%02x/auto.ipxe", math.floor(i / 256), i % 256) end
local i = 0
request = function() i = (i + 1) % ${machines} return wrk.format("GET", paths[i]) end
done = function(summary, latency) io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, latency:percentile(99)))
  io.write(string.format("ERRORS %d\\n", summary.errors.status + summary.errors.connect + summary.errors.read)) end
`,
);

const ours = fileURLToPath(new URL('netboot/script-server.ts', import.meta.url));
const contestants = [
  { name: 'capt', command: process.execPath, args: [...nodeFlags, ours, String(port), String(machines)] },
  { name: 'nginx', command: 'nginx', args: ['-c', join(folder, 'nginx.conf'), '-p', folder] },
];

interface Measured {
  requestsPerSecond: number;
  p99Ms: number;
  cpuSecondsPer1000: number;
}

const results = new Map<string, Measured[]>();
try {
  await writeFiles();
  for (let round = -1; round < rounds; round++) {
    // By turns, so that a busy moment of the machine hits all; the first round only warms up.
    for (const { name, command, args } of contestants) {
      if (!(await has(command))) continue;
      await using server = new ServerProcess(command, args);
      await listening(port);
      // What is compiled on first use is not counted.
      await load(1);
      const cpuBefore = server.cpuSeconds();
      const { requests, ...figures } = await load(seconds);
      const cpuSecondsPer1000 = ((server.cpuSeconds() - cpuBefore) / requests) * 1000;
      if (round >= 0) results.set(name, [...(results.get(name) ?? []), { ...figures, cpuSecondsPer1000 }]);
    }
  }
  process.stdout.write(table());
} finally {
  rmSync(folder, { recursive: true });
}

/** nginx serves as files what we serve as scripts. */
async function writeFiles(): Promise<void> {
  await using _ = new ServerProcess(process.execPath, [...nodeFlags, ours, String(port), String(machines)]);
  await listening(port);
  const script = await (await fetch(`http://127.0.0.1:${port}/ipxe/script/${macOf(1)}/auto.ipxe`)).text();
  process.stdout.write(`a script has ${script.length} bytes\n`);
  for (let i = 0; i < machines; i++) {
    const path = join(folder, 'html/ipxe/script', macOf(i));
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'auto.ipxe'), script);
  }
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log /dev/null; user root;
events { worker_connections 512; }
http { access_log off; sendfile on; keepalive_requests 1000000; default_type text/plain;
  server { listen 127.0.0.1:${port}; root ${folder}/html; } }
`,
  );
}

async function load(duration: number): Promise<{ requests: number; requestsPerSecond: number; p99Ms: number }> {
  const options = ['-t', '1', '-c', '64', '-d', `${duration}s`, '-s', wrkScript, `http://127.0.0.1:${port}`];
  const { stdout } = await run('wrk', options, { timeout: 60_000 });
  const [, requests, microseconds, p99] = (/RESULT (\d+) (\d+) (\d+)/.exec(stdout) ?? []).map(Number);
  const [, errors] = /ERRORS (\d+)/.exec(stdout) ?? [];
  if (!requests || !microseconds || p99 === undefined || errors !== '0') throw new Error(`wrk: ${stdout}`);
  return { requests, requestsPerSecond: (requests / microseconds) * 1e6, p99Ms: p99 / 1000 };
}

function table(): string {
  const rows = [...results].map(([name, measured]) => {
    const of = (key: keyof Measured, digits: number) => median(measured.map((one) => one[key])).toFixed(digits);
    return `| ${name} | ${of('requestsPerSecond', 0)} | ${of('p99Ms', 1)} | ${of('cpuSecondsPer1000', 3)} |`;
  });
  return [
    `64 connections, ${machines} machines by turns, median of ${rounds} rounds of ${seconds} s`,
    '| server | requests/s | p99 ms | CPU s per 1,000 |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
