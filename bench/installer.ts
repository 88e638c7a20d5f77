/**
 * How long the installer takes from the start of the kernel to the first question of its agent, in an emulated machine
 * without KVM, and the CPU time of QEMU until then: the figure that holds on a busy machine. Nothing else has a right to
 * compare with: others boot another kernel into containers.
 *
 * `npm run bench:installer`; `BENCH_ROUNDS=5`, `BENCH_MEMORY=400` (MB), `BENCH_PROCESSORS=2`, `BENCH_ARGUMENTS='quiet …'`,
 * `BENCH_INSTALLER=folder` for one that was built before.
 */
import { homedir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { buildInstaller } from '../src/bootstrap/installer/build-installer.ts';
import { readSettings } from '../src/cli/settings.ts';
import { EmulatedMachine } from '../test/e2e/emulated-machine.ts';
import { QuestionServer } from './installer/question-server.ts';
import { median } from './netboot/process.ts';
import { usageOf } from './provider/process-usage.ts';

const { env } = process;
const rounds = Number(env['BENCH_ROUNDS'] ?? 5);
const memoryMegabytes = Number(env['BENCH_MEMORY'] ?? 400);
const processors = Number(env['BENCH_PROCESSORS'] ?? 2);
const patienceSeconds = 300;
const mac = '02:00:00:00:00:01';

/** What the installer says on the way; the question itself is no line. */
const lines = {
  'init runs': 'installer starts',
  'drivers are loaded': 'drivers loaded',
  'there is a network': 'network: eth0 has',
  'the agent runs': 'agent runs',
} as const;

interface Stamp {
  /** Of the kernel. */
  seconds: number;
  cpuSeconds: number;
}

const installer = env['BENCH_INSTALLER'] ?? (await build());
const results = new Map<string, Stamp[]>();
for (let round = 0; round < rounds; round++) {
  for (const [name, stamp] of await boot()) results.set(name, [...(results.get(name) ?? []), stamp]);
}
process.stdout.write(table());

async function build(): Promise<string> {
  const { directory } = await buildInstaller({
    cacheDirectory: readSettings(env, homedir()).cacheDirectory,
    environment: env,
    architecture: 'x86_64',
    report: (line) => process.stderr.write(`${line}\n`),
  });
  return directory;
}

async function boot(): Promise<Map<string, Stamp>> {
  await using server = await QuestionServer.start();
  const stamps = new Map<string, Stamp>();
  const kernelArguments = [
    'console=ttyS0,115200',
    `worker_id=${mac}`,
    `hw_addr=${mac}`,
    `grpc_authority=10.0.2.2:${server.port}`,
    'tinkerbell_tls=false',
    ...(env['BENCH_ARGUMENTS'] ?? '').split(' '),
  ];
  const options = { installer, kernelArguments, mac, disksBytes: [64 << 20], memoryMegabytes, processors };
  await using machine = await EmulatedMachine.start(options);
  // By `performance.now()`, out of the first line that tells the time of the kernel.
  let kernelStart: number | undefined;
  const end = performance.now() + patienceSeconds * 1000;
  while (!stamps.has('the agent asks')) {
    if (!machine.isOn || performance.now() > end) throw new Error(`no question:\n${machine.serial.slice(-3000)}`);
    const { cpuSeconds } = usageOf(machine.pid);
    for (const [name, text] of Object.entries(lines)) {
      const seconds = stamps.has(name) ? undefined : machine.secondsUntil(text);
      if (seconds === undefined) continue;
      kernelStart ??= performance.now() - seconds * 1000;
      stamps.set(name, { seconds, cpuSeconds });
    }
    if (server.askedAt !== undefined && kernelStart !== undefined) {
      stamps.set('the agent asks', { seconds: (server.askedAt - kernelStart) / 1000, cpuSeconds });
    }
    await pause(20);
  }
  const memory = /capt: memory: .*/.exec(machine.serial)?.[0];
  process.stderr.write(
    `${[...stamps].map(([name, { seconds, cpuSeconds }]) => `${name} ${seconds.toFixed(1)}/${cpuSeconds.toFixed(1)}`).join(', ')}${memory ? `, ${memory}` : ''}\n`,
  );
  if (env['BENCH_SERIAL']) process.stderr.write(machine.serial);
  return stamps;
}

function table(): string {
  const rows = [...results].map(([name, stamps]) => {
    const [wall, cpu] = [
      median(stamps.map(({ seconds }) => seconds)),
      median(stamps.map(({ cpuSeconds }) => cpuSeconds)),
    ];
    return `| ${name} | ${wall.toFixed(1)} | ${cpu.toFixed(1)} |`;
  });
  const heading = `${memoryMegabytes} MB, ${processors} processors, TCG, median of ${rounds} boots`;
  return [heading, '| until | s after the kernel began | CPU s of QEMU |', '|---|---|---|', ...rows, ''].join('\n');
}
