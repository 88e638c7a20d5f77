import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeAsf } from '../../src/bmc/ipmi/codec/asf.ts';
import { encodeFru } from '../../src/bmc/ipmi/fru/layout.ts';
import type { BmcTarget } from '../../src/bmc/port.ts';

const user = { username: 'operator1', password: 'sim-password' };

/** What ipmi_sim calls to do something to its machine: keeps the state in files, and a list of what it was told. */
const chassisProgram = `#!/bin/sh
dir=\${0%/*}
shift
case $1 in
get)
  shift
  for what; do
    case $what in
    power) echo "power:$(cat "$dir/power")" ;;
    boot) echo "boot:$(cat "$dir/boot")" ;;
    *) exit 1 ;;
    esac
  done
  ;;
set)
  shift
  echo "$*" >>"$dir/calls"
  while [ $# -gt 0 ]; do
    case $1 in
    power | boot) echo "$2" >"$dir/$1" ;;
    esac
    shift 2
  done
  ;;
esac
`;

/** OpenIPMI's simulator of a BMC on a free UDP port of the loopback interface: a BMC that we did not write. */
export class IpmiSim implements AsyncDisposable {
  readonly target: BmcTarget;
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.target = { host: '127.0.0.1', port, credentials: user };
  }

  /** Resolves when it answers. */
  static async start(): Promise<IpmiSim> {
    const sim = new IpmiSim(mkdtempSync(join(tmpdir(), 'capt-ipmi-sim-')), await freeUdpPort());
    sim.#writeFiles();
    await sim.run();
    return sim;
  }

  /** What the machine was told, one command a line, as ipmi_sim understood it. */
  get calls(): string[] {
    const file = join(this.#folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  async run(): Promise<void> {
    const args = ['-n', '-c', 'lan.conf', '-f', 'sim.emu', '-s', 'state'];
    const output: string[] = [];
    const child = spawn('ipmi_sim', args, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(String(data)));
    const ended = once(child, 'close').then(() => {
      throw new Error(`ipmi_sim ended: ${output.join('')}`);
    });
    ended.catch(() => undefined);
    await Promise.race([ended, answersPing(this.#port)]);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #writeFiles(): void {
    const file = (name: string) => join(this.#folder, name);
    mkdirSync(file('state'));
    writeFileSync(file('chassis'), chassisProgram, { mode: 0o755 });
    writeFileSync(file('power'), '0\n');
    writeFileSync(file('boot'), 'default\n');
    const fru = encodeFru({
      board: ['Board Maker', 'Board', 'BOARD-7', '', ''],
      product: ['Simulated Corp', 'Sim 1', '', '', 'SERIAL-7', '', ''],
    });
    writeFileSync(file('fru.bin'), fru);
    writeFileSync(
      file('lan.conf'),
      `name "capt"
chassis_control "${file('chassis')} 0x20"
startlan 1
  addr 127.0.0.1 ${this.#port}
  priv_limit admin
  allowed_auths_admin none md2 md5 straight
  guid a123456789abcdefa123456789abcdef
endlan
user 2 true "${user.username}" "${user.password}" admin 10 none md2 md5 straight
`,
    );
    writeFileSync(
      file('sim.emu'),
      `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
mc_enable 0x20
mc_add_fru_data 0x20 0 ${fru.length} file 0 "${file('fru.bin')}"
`,
    );
  }
}

/** A port that nobody listens on just now. */
export async function freeUdpPort(host = '127.0.0.1'): Promise<number> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Pings until there is a pong. */
async function answersPing(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const ping = () => socket.send(encodeAsf({ type: 'ping', tag: 1 }), port, '127.0.0.1', () => undefined);
  const repeat = setInterval(ping, 20);
  try {
    ping();
    await once(socket, 'message', { signal: AbortSignal.timeout(10_000) });
  } finally {
    clearInterval(repeat);
    socket.close();
  }
}
