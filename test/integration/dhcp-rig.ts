import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/netboot/dhcp/codec/packet.ts';
import type { DhcpSettings } from '../../src/netboot/dhcp/settings.ts';
import type { NetworkNamespaces } from '../support/network-namespaces.ts';

/** What the server writes of one packet. */
export interface ServerLine {
  type: string;
  mac?: string;
  reason: string;
  reply?: string;
  file?: string;
}

/** The DHCP server in a process of its own in a network namespace. */
export class DhcpProcess implements AsyncDisposable {
  readonly lines: ServerLine[] = [];
  readonly #child: ChildProcess;
  #errors = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on('data', (data) => {
      this.#errors += String(data);
    });
  }

  /** Resolves when it listens. */
  static async start(
    namespaces: NetworkNamespaces,
    name: string,
    settings: DhcpSettings,
    hardware: Hardware[],
  ): Promise<DhcpProcess> {
    const script = fileURLToPath(new URL('dhcp-process.ts', import.meta.url));
    const [program, args] = namespaces.command(name, process.execPath, [
      script,
      JSON.stringify({ settings, hardware }),
    ]);
    const server = new DhcpProcess(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    await server.#ready();
    return server;
  }

  /** What it wrote besides: warnings. */
  get errors(): string {
    return this.#errors;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'close');
    this.#child.kill(signal);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
  }

  async #ready(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#child.on('close', () => reject(new Error(`the DHCP server ended: ${this.#errors}`)));
    if (this.#child.stdout === null) throw new Error('no output');
    createInterface(this.#child.stdout).on('line', (line) => {
      if (line === 'ready') resolve();
      else this.lines.push(JSON.parse(line) as ServerLine);
    });
    await promise;
  }
}

/** Sends packets from a namespace as a client without an address does, or as a relay, and hears what comes. */
export class WireClient implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #heard: DhcpPacket[] = [];
  #told: () => void = () => {};

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param address own address; `0.0.0.0` for none. */
  static async open(
    namespaces: NetworkNamespaces,
    name: string,
    { device = 'net0', address = '0.0.0.0', port = 68 } = {},
  ): Promise<WireClient> {
    const script = fileURLToPath(new URL('dhcp-wire-client.ts', import.meta.url));
    const [program, args] = namespaces.command(name, process.execPath, [script, device, address, String(port)]);
    const client = new WireClient(spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    const { promise, resolve } = Promise.withResolvers<void>();
    if (client.#child.stdout === null) throw new Error('no output');
    createInterface(client.#child.stdout).on('line', (line) => {
      if (line === 'ready') return resolve();
      const decoded = decodePacket(Buffer.from(line, 'hex'));
      if ('packet' in decoded) client.#heard.push(decoded.packet);
      client.#told();
    });
    await promise;
    return client;
  }

  send(packet: DhcpPacket, to = '255.255.255.255', port = 67): void {
    this.#child.stdin?.write(`${to} ${port} ${encodePacket(packet).toString('hex')}\n`);
  }

  /** Sends until something comes back: UDP loses packets. */
  async ask(packet: DhcpPacket, to?: string, port?: number): Promise<DhcpPacket> {
    for (let attempt = 0; attempt < 20; attempt++) {
      this.send(packet, to, port);
      const heard = await this.#next(500);
      if (heard !== undefined) return heard;
    }
    throw new Error('no answer');
  }

  async #next(milliseconds: number): Promise<DhcpPacket | undefined> {
    if (this.#heard.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#told = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#heard.shift();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'close');
    this.#child.stdin?.end();
    await gone;
  }
}
