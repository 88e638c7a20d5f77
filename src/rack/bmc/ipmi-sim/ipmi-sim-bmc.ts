import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { encodeAsf } from '../../../bmc/ipmi/codec/asf.ts';
import { chassisScript, emulation, lanConfiguration } from './files.ts';

export interface IpmiSimOptions {
  machine: string;
  host: string;
  port: number;
  login: { username: string; password: string };
  /** A folder of its own. */
  directory: string;
  /** Control socket of the rack. */
  socket: string;
  environment: NodeJS.ProcessEnv;
  /** How long it may take until it answers, in milliseconds. Default 30,000. */
  startTimeoutMs?: number;
}

/**
 * A BMC that others wrote: OpenIPMI's `ipmi_sim` in front of a machine of a rack, which it switches by the control socket.
 * Dies with this process, even by kill -9.
 */
export class IpmiSimBmc implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when it answers. @throws CaptError RACK_BMC_FAILED */
  static async start(options: IpmiSimOptions): Promise<IpmiSimBmc> {
    const { machine, directory, environment, host, port, startTimeoutMs = 30_000 } = options;
    await writeFiles(options);
    const args = ['--pdeathsig', 'KILL', '--', 'ipmi_sim', '-n', '-c', 'lan.conf', '-f', 'sim.emu', '-s', 'state'];
    const child = spawn('setpriv', args, {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const bmc = new IpmiSimBmc(child);
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => said.length < 100 && said.push(String(data)));
    }
    const ended = once(child, 'exit').then(() => {
      throw new Error(said.join('').trim() || 'it has ended');
    });
    ended.catch(() => undefined);
    try {
      await Promise.race([ended, answers(host, port, startTimeoutMs)]);
      return bmc;
    } catch (error) {
      await bmc[Symbol.asyncDispose]();
      throw new CaptError('RACK_BMC_FAILED', { machine, cause: messageOf(error) }, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

async function writeFiles({ machine, directory, socket, host, port, login }: IpmiSimOptions): Promise<void> {
  const file = (name: string) => join(directory, name);
  await mkdir(file('state'), { recursive: true, mode: 0o700 });
  const chassisProgram = file('chassis');
  await writeFile(chassisProgram, chassisScript(socket, machine), { mode: 0o700 });
  await writeFile(file('lan.conf'), lanConfiguration({ host, port, login, chassisProgram }), { mode: 0o600 });
  await writeFile(file('sim.emu'), emulation);
}

/** Pings until there is a pong (ASF 2.0 §3.2.4.2). */
async function answers(host: string, port: number, timeoutMs: number): Promise<void> {
  const socket = createSocket('udp4');
  const ping = () => socket.send(encodeAsf({ type: 'ping', tag: 1 }), port, host, () => undefined);
  const repeat = setInterval(ping, 100);
  try {
    ping();
    await once(socket, 'message', { signal: AbortSignal.timeout(timeoutMs) });
  } finally {
    clearInterval(repeat);
    socket.close();
  }
}
