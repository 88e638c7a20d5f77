import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { TinkerbellMachine } from '../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { ownerNameLabel } from '../../src/api/tinkerbell/v1alpha1/claim-marks.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { buildInstaller } from '../../src/bootstrap/installer/build-installer.ts';
import { endRack } from '../../src/cli/rack/end-rack.ts';
import { commandOnRack, type QemuFlags, qemuDefaults, startQemuRack } from '../../src/cli/rack/up-qemu.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { ControlClient } from '../../src/rack/control/control-client.ts';
import { rackLayout } from '../../src/rack/control/rack-record.ts';
import { eventually } from '../faults/eventually.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { capt, captFile } from '../support/local-cli.ts';
import { type BootstrapData, ProviderRig } from '../support/provider-rig.ts';
import { ApiRelay } from './api-relay.ts';

const run = promisify(execFile);

/** What is waited for will not come. */
export class Hopeless extends Error {}

type Rack = Awaited<ReturnType<typeof startQemuRack>>;

/** Emulated machines are slow where others work too; whatever ends a wait early is a failure that tells its reason. */
const patienceSeconds = 1_800;

export interface RigOptions extends Partial<QemuFlags> {
  /** More flags for `capt serve`. */
  serve?: readonly string[];
}

/**
 * A rack of machines in QEMU with the whole stack on its network: real Cluster API and API server, `capt serve` with all
 * services in a process of its own, the installer that ships, machines imported by their hardware.csv.
 */
export class ProvisioningRig implements AsyncDisposable {
  /** Temporary folder of everything; `artifacts` in it is what machines can download. */
  readonly folder: string;
  readonly rack: Rack;
  readonly control: ControlClient;
  readonly provider: ProviderRig;
  /** What `capt serve` wrote, all processes of it. */
  output = '';
  readonly #flags: readonly string[];
  readonly #parts: AsyncDisposableStack;
  #serving: ChildProcess | undefined;

  private constructor(
    folder: string,
    rack: Rack,
    provider: ProviderRig,
    flags: readonly string[],
    parts: AsyncDisposableStack,
  ) {
    this.folder = folder;
    this.rack = rack;
    this.control = new ControlClient(rackLayout(rackFolder(folder)).socket);
    this.provider = provider;
    this.#flags = flags;
    this.#parts = parts;
  }

  static async start({ serve = [], ...wishes }: RigOptions): Promise<ProvisioningRig> {
    const folder = mkdtempSync(join(tmpdir(), 'capt-e2e-'));
    await using undo = new AsyncDisposableStack();
    const { cacheDirectory } = readSettings(process.env, homedir());
    const installer = await buildInstaller({
      cacheDirectory,
      environment: process.env,
      architecture: 'x86_64',
      report: (line) => process.stdout.write(`  ${line}\n`),
    });
    const flags: QemuFlags = {
      ...qemuDefaults,
      qemu: 1,
      memory: [768],
      disk: 1,
      controlPlanes: 0,
      // KVM is an option of the rack; what is tested here must not depend on the host.
      acceleration: 'tcg',
      ...wishes,
    };
    undo.defer(async () => {
      await endRack(rackFolder(folder));
    });
    const rack = await startQemuRack(flags, { directory: rackFolder(folder) });
    const provider = undo.use(await ProviderRig.create('e2e'));
    const { server } = testControlPlane().adminCredentials;
    const command = (program: string, args: readonly string[]) => commandOnRack(rack, program, args);
    const socketFile = join(folder, 'api.sock');
    undo.use(await ApiRelay.start({ port: Number(new URL(server).port), socketFile, command }));
    const rig = new ProvisioningRig(folder, rack, provider, serve, undo.move());
    try {
      for (const name of ['vmlinuz-x86_64', 'initramfs-x86_64']) rig.publish(join(installer.directory, name));
      await rig.#import();
      await rig.serve();
      await provider.createCluster();
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Lets machines download a file. @returns its URL */
  publish(file: string, name = basename(file)): string {
    const artifacts = join(this.folder, 'artifacts');
    mkdirSync(artifacts, { recursive: true });
    rmSync(join(artifacts, name), { force: true });
    linkSync(file, join(artifacts, name));
    return this.url(`/artifacts/${name}`);
  }

  /** On the HTTP port of our services, as machines see it. */
  url(path: string): string {
    return `http://${this.rack.qemu.services.address}:7080${path}`;
  }

  /** Starts `capt serve`, and waits until it is ready. */
  async serve(): Promise<void> {
    const { address, device } = this.rack.qemu.services;
    const flags = [
      ...['--kubeconfig', testControlPlane().kubeconfigFile, '--namespace', this.provider.namespace],
      ...['--public-ipv4', address, '--dhcp-bind-interface', device],
      ...['--artifacts-dir', join(this.folder, 'artifacts')],
      // Without the first, emulated machines find their clock too slow and change to one that is slower.
      ...['--ipxe-http-script-extra-kernel-args', 'tsc=reliable mitigations=off quiet'],
      ...['--provision-retry-interval', '1s'],
      ...this.#flags,
    ];
    const child = spawn(...commandOnRack(this.rack, captFile, ['serve', ...flags]), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (this.output += String(data)));
    this.#serving = child;
    const curl = commandOnRack(this.rack, 'curl', ['-sf', this.url('/readyz')]);
    await eventually(async () => {
      await run(...curl).catch(() => {
        throw new Error(`capt serve is not ready:\n${this.output.slice(-3000)}`);
      });
    }, 120);
  }

  /** Ends `capt serve`, if it runs. */
  async endServing(signal: NodeJS.Signals): Promise<void> {
    const child = this.#serving;
    this.#serving = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** A Machine that is to be installed with an image, and its TinkerbellMachine and bootstrap data. */
  async install(
    name: string,
    url: string,
    sha256: string,
    { distribution = 'debian', bootstrap }: { distribution?: string; bootstrap?: BootstrapData } = {},
  ): Promise<void> {
    const image = { imageLookupOSDistro: distribution, imageLookupFormat: `${url}#sha256=${sha256}` };
    await this.provider.createMachine(name, image, { ...(bootstrap === undefined ? {} : { bootstrap }) });
  }

  /** Waits until Cluster API knows that the machine is installed. */
  async installed(name: string): Promise<void> {
    await this.until(name, async () => {
      const { status } = await this.machine(name);
      return status?.initialization?.provisioned === true;
    });
  }

  /** @throws Hopeless when it can never be installed */
  async machine(name: string): Promise<TinkerbellMachine> {
    const machine = await this.provider.get(TinkerbellMachine, name);
    if (machine.status?.errorMessage !== undefined) throw new Hopeless(machine.status.errorMessage);
    return machine;
  }

  /** Waits for something, and fails with what there is to know when it does not come. */
  async until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
    const end = performance.now() + patienceSeconds * 1000;
    let last: unknown;
    while (performance.now() < end) {
      try {
        if (await check()) return;
      } catch (error) {
        if (error instanceof Hopeless) throw error;
        last = error;
      }
      // Slowly: the machines need the processors.
      await pause(1000);
    }
    throw new Error(`${what}: still waiting; logs are in ${this.folder}`, { cause: last });
  }

  /** The machine of the rack that a Machine has claimed. */
  async hostOf(machine: string): Promise<string> {
    const { items } = await this.provider.client.list(Hardware, { namespace: this.provider.namespace });
    const claimed = items.find(({ metadata }) => metadata.labels?.[ownerNameLabel] === machine);
    if (claimed?.metadata.name === undefined) throw new Error(`${machine} has no host`);
    return claimed.metadata.name;
  }

  /** The command that runs a program on the network of the machines. */
  command(program: string, args: readonly string[]): [program: string, args: string[]] {
    return commandOnRack(this.rack, program, args);
  }

  /** What a machine of the rack wrote to the serial port on which its console is. */
  console(machine: string): string {
    const { serialFiles = [] } = this.rack.qemu.machines.find(({ name }) => name === machine) ?? {};
    return read(serialFiles[1] ?? '');
  }

  /** The file that is the disk of a machine of the rack. */
  disk(machine: string): string {
    const { directory = '' } = this.rack.qemu.machines.find(({ name }) => name === machine) ?? {};
    return join(directory, 'disk0.img');
  }

  /** Keeps logs, if it is told to, and nothing else. */
  async end({ keepLogs }: { keepLogs: boolean }): Promise<void> {
    await this[Symbol.asyncDispose]();
    if (keepLogs)
      process.stdout.write(`  logs are kept in ${this.folder}; capt serve said:\n${this.output.slice(-20_000)}\n`);
    else rmSync(this.folder, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endServing('SIGKILL');
    await this.#forget();
    await this.#parts.disposeAsync();
  }

  /** The next rack has hosts of the same addresses; and nobody runs any more who would take finalizers away. */
  async #forget(): Promise<void> {
    for (const { metadata } of await this.provider.list(Hardware)) {
      const { name = '' } = metadata;
      await this.provider.patch(Hardware, name, { metadata: { finalizers: null } });
      await this.provider.delete(Hardware, name);
    }
  }

  async #import(): Promise<void> {
    const { hardware } = rackLayout(rackFolder(this.folder));
    const place = ['--kubeconfig', testControlPlane().kubeconfigFile, '--namespace', this.provider.namespace];
    const { exitCode, output } = await capt(['hardware', 'import', hardware, ...place]);
    if (exitCode !== 0) throw new Error(`capt hardware import: ${output}`);
  }
}

function rackFolder(folder: string): string {
  return join(folder, 'rack');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
