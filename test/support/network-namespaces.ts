import { execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** A link between two namespaces; each end has the name `net0` (then `net1`, …) there. */
export interface End {
  /** Absent: the interface has no address. */
  address?: string;
  mac?: string;
}

/**
 * Network namespaces of a test, deleted at its end. Needs root and iproute2 (`unavailable` says what is missing).
 */
export class NetworkNamespaces implements Disposable {
  readonly #prefix = `capt-${randomBytes(3).toString('hex')}-`;
  readonly #names = new Map<string, number>();

  /** Why there can be none here; `undefined` when there can. */
  static unavailable(): string | undefined {
    if (process.getuid?.() !== 0) return 'network namespaces need root';
    try {
      using namespaces = new NetworkNamespaces();
      namespaces.add('probe');
      return undefined;
    } catch (error) {
      return `network namespaces cannot be made here: ${(error as Error).message.split('\n')[0]}`;
    }
  }

  /** Makes a namespace with nothing but a loopback interface. */
  add(name: string): void {
    ip('netns', 'add', this.#full(name));
    this.#names.set(name, 0);
    ip('-n', this.#full(name), 'link', 'set', 'lo', 'up');
  }

  /** Joins two namespaces by a cable. */
  connect(one: string, oneEnd: End, other: string, otherEnd: End): void {
    const cable = randomBytes(3).toString('hex');
    ip('link', 'add', `a${cable}`, 'type', 'veth', 'peer', 'name', `b${cable}`);
    this.#plug(`a${cable}`, one, oneEnd);
    this.#plug(`b${cable}`, other, otherEnd);
  }

  /** Joins namespaces by a switch, each with a cable to it. */
  join(ends: Record<string, End>): void {
    this.add('switch');
    ip('-n', this.#full('switch'), 'link', 'add', 'bridge0', 'type', 'bridge');
    ip('-n', this.#full('switch'), 'link', 'set', 'bridge0', 'up');
    for (const [name, end] of Object.entries(ends)) {
      const port = `net${this.#names.get('switch')}`;
      this.connect(name, end, 'switch', {});
      ip('-n', this.#full('switch'), 'link', 'set', port, 'master', 'bridge0');
    }
  }

  /** The command that runs a program in the namespace. */
  command(name: string, program: string, args: readonly string[]): [program: string, args: string[]] {
    return ['ip', ['netns', 'exec', this.#full(name), program, ...args]];
  }

  /** Runs a program there to its end; its exit code and all it wrote. */
  run(
    name: string,
    program: string,
    args: readonly string[],
    options: SpawnOptions & { timeoutSeconds?: number } = {},
  ): Promise<{ code: number | null; output: string }> {
    const { timeoutSeconds = 30, ...rest } = options;
    const [file, all] = this.command(name, program, args);
    const child = spawn(file, all, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutSeconds * 1000, ...rest });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
  }

  [Symbol.dispose](): void {
    for (const name of this.#names.keys()) ip('netns', 'delete', this.#full(name));
    this.#names.clear();
  }

  #plug(device: string, name: string, { address, mac }: End): void {
    const number = this.#names.get(name) ?? 0;
    this.#names.set(name, number + 1);
    const full = this.#full(name);
    const inside = `net${number}`;
    ip('link', 'set', device, 'netns', full, 'name', inside);
    if (mac !== undefined) ip('-n', full, 'link', 'set', inside, 'address', mac);
    if (address !== undefined) ip('-n', full, 'address', 'add', address, 'dev', inside);
    ip('-n', full, 'link', 'set', inside, 'up');
  }

  #full(name: string): string {
    return `${this.#prefix}${name}`;
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
