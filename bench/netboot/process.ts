import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Where processes are counted together: the one of these that there is. */
const roots = ['/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup'];

/**
 * A server under test in a control group of its own, which alone knows the CPU time of all its processes: tftpd-hpa has one
 * for each transfer, and their time is nobody's when they have ended.
 */
export class ServerProcess implements AsyncDisposable {
  readonly #group: string;
  readonly #child: ChildProcess;

  constructor(command: string, args: readonly string[]) {
    const root = roots.find((one) => existsSync(`${one}/cgroup.procs`));
    if (root === undefined) throw new Error('there are no control groups here to count CPU time with');
    this.#group = `${root}/capt-bench-${process.pid}-${ServerProcess.#count++}`;
    mkdirSync(this.#group);
    const join = `echo $$ >'${this.#group}/cgroup.procs' && exec "$@"`;
    this.#child = spawn('sh', ['-c', join, 'sh', command, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  static #count = 0;

  cpuSeconds(): number {
    const file = `${this.#group}/cpuacct.usage`;
    if (existsSync(file)) return Number(readFileSync(file, 'utf8')) / 1e9;
    const [, microseconds] = /^usage_usec (\d+)$/m.exec(readFileSync(`${this.#group}/cpu.stat`, 'utf8')) ?? [];
    return Number(microseconds) / 1e6;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    // Children may outlive it for a moment.
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        rmdirSync(this.#group);
        return;
      } catch {
        await pause(100);
      }
    }
  }
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Waits until somebody listens on a TCP port of the loopback interface. */
export async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await pause(100);
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** True when there is such a command. */
export async function has(command: string): Promise<boolean> {
  const [code] = (await once(spawn('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }), 'exit')) as [number];
  return code === 0;
}
