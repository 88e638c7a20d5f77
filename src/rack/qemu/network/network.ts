import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { runCommand } from '../../../bootstrap/process/command.ts';
import { identifyProcess, isAlive, ownIdentity, signalProcess } from '../../../bootstrap/process/identity.ts';
import { waitUntil } from '../../../bootstrap/process/wait-until.ts';
import { Janitor } from './janitor.ts';
import { abandoned, networkName, ownerOf } from './owner.ts';
import { networkCommands } from './plan.ts';

/** Where iproute2 keeps the names of network namespaces. */
const namesFolder = '/run/netns';

/** How long processes may take to end after SIGKILL. */
const endTimeoutMs = 10_000;

export interface RackNetworkOptions {
  /** Of the services on the network, with prefix length: `192.0.2.1/24`. */
  address: string;
  taps: readonly string[];
  /** More addresses on the bridge, without prefix length. */
  addresses?: readonly string[];
  environment: NodeJS.ProcessEnv;
  /**
   * Whether it is the network that this process was started on: one of its own, on which nobody else is (`unshare
   * --net`). Default: a new one, which this process is not on.
   */
  inside?: boolean;
}

/**
 * A network that belongs to one rack: a bridge in a network namespace of its own. It goes when it is disposed of, and
 * when its owner is killed (`Janitor`); what is left when both are killed is ended by the next one that is made
 * (`endAbandonedNetworks`).
 */
export class RackNetwork implements AsyncDisposable {
  readonly name: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #inside: boolean;
  readonly #janitor: Janitor;

  private constructor(name: string, environment: NodeJS.ProcessEnv, inside: boolean) {
    this.name = name;
    this.#environment = environment;
    this.#inside = inside;
    this.#janitor = new Janitor(name, environment);
  }

  /** @throws CaptError RACK_NETWORK_FAILED; nothing is left then */
  static async create(options: RackNetworkOptions): Promise<RackNetwork> {
    const { environment, inside = false, ...plan } = options;
    // What is made here goes with everything on it: it must never be the network of the machine.
    if (inside && !isAlone()) throw new TypeError('this process is not alone on its network');
    await endAbandonedNetworks(environment);
    const name = networkName(ownerOf(ownIdentity(), ownPidNamespace()), randomBytes(3).toString('hex'));
    await using undo = new AsyncDisposableStack();
    const network = undo.use(new RackNetwork(name, environment, inside));
    const of = inside ? { of: process.pid } : {};
    for (const command of networkCommands({ name, ...plan, ...of })) await ip(command, environment);
    undo.move();
    return network;
  }

  /** The command that runs a program on this network. */
  command(program: string, args: readonly string[]): [program: string, args: string[]] {
    return this.#inside ? [program, [...args]] : commandOn(this.name, program, args);
  }

  /** Ends whatever still runs on it, and removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#janitor[Symbol.asyncDispose]();
    await endNetwork(this.name, this.#environment);
  }
}

/** The command that runs a program on the network of that name. */
export function commandOn(network: string, program: string, args: readonly string[]): [string, string[]] {
  return ['ip', ['netns', 'exec', network, program, ...args]];
}

/**
 * Ends networks, with everything that runs on them, whose owners ended without doing so.
 * @returns their names
 */
export async function endAbandonedNetworks(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const names = abandoned(networkNames(), ownPidNamespace(), identifyProcess);
  for (const name of names) await endNetwork(name, environment);
  return names;
}

/** The names of all network namespaces here. */
export function networkNames(): string[] {
  try {
    return readdirSync(namesFolder);
  } catch {
    // There was never one.
    return [];
  }
}

async function endNetwork(name: string, environment: NodeJS.ProcessEnv): Promise<void> {
  if (!networkNames().includes(name)) return;
  const { stdout } = await runCommand('ip', ['netns', 'pids', name], { environment });
  const others = stdout.map(Number).filter((pid) => pid !== process.pid);
  const identities = others.flatMap((pid) => identifyProcess(pid) ?? []);
  for (const identity of identities) signalProcess(identity, 'SIGKILL');
  await waitUntil(() => !identities.some(isAlive), { timeoutMs: endTimeoutMs });
  // Another process may have been quicker at ending what was abandoned.
  if (networkNames().includes(name)) await ip(['netns', 'delete', name], environment);
}

/** Whether no other process is on the network of this one. */
function isAlone(): boolean {
  const networkOf = (pid: string) => readlinkSync(`/proc/${pid}/ns/net`);
  const own = networkOf('self');
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return !pids.some((pid) => {
    try {
      return networkOf(pid) === own;
    } catch {
      // It has ended.
      return false;
    }
  });
}

function ownPidNamespace(): string {
  return readlinkSync('/proc/self/ns/pid');
}

async function ip(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const failed = (cause: string) => new CaptError('RACK_NETWORK_FAILED', { command: args.join(' '), cause });
  const { exitCode, tail } = await runCommand('ip', args, { environment }).catch((error) => {
    throw failed(messageOf(error));
  });
  if (exitCode !== 0) throw failed(tail.at(-1) ?? `exit code ${exitCode}`);
}
