import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { runCommand } from '../../../bootstrap/local/process/command.ts';
import { identifyProcess, isAlive, ownIdentity, signalProcess } from '../../../bootstrap/local/process/identity.ts';
import { waitUntil } from '../../../bootstrap/local/process/wait-until.ts';
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
  environment: NodeJS.ProcessEnv;
}

/**
 * A network that belongs to one rack: a bridge in a network namespace of its own. It goes when it is disposed of; after
 * a kill -9 of its owner the next one that is made ends it (`endAbandonedNetworks`).
 */
export class RackNetwork implements AsyncDisposable {
  readonly name: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(name: string, environment: NodeJS.ProcessEnv) {
    this.name = name;
    this.#environment = environment;
  }

  /** @throws CaptError RACK_NETWORK_FAILED; nothing is left then */
  static async create({ address, taps, environment }: RackNetworkOptions): Promise<RackNetwork> {
    await endAbandonedNetworks(environment);
    const name = networkName(ownerOf(ownIdentity(), ownPidNamespace()), randomBytes(3).toString('hex'));
    await using undo = new AsyncDisposableStack();
    const network = undo.use(new RackNetwork(name, environment));
    for (const command of networkCommands({ name, address, taps })) await ip(command, environment);
    undo.move();
    return network;
  }

  /** The command that runs a program on this network. */
  command(program: string, args: readonly string[]): [program: string, args: string[]] {
    return ['ip', ['netns', 'exec', this.name, program, ...args]];
  }

  /** Ends whatever still runs on it, and removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await endNetwork(this.name, this.#environment);
  }
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
  const identities = stdout.map(Number).flatMap((pid) => identifyProcess(pid) ?? []);
  for (const identity of identities) signalProcess(identity, 'SIGKILL');
  await waitUntil(() => !identities.some(isAlive), { timeoutMs: endTimeoutMs });
  // Another process may have been quicker at ending what was abandoned.
  if (networkNames().includes(name)) await ip(['netns', 'delete', name], environment);
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
