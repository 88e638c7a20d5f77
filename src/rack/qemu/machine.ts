import { join } from 'node:path';
import { messageOf } from '../../api/errors/capt-error.ts';
import type { BootOverride, BootOverrideState, PowerAction, PowerState } from '../../bmc/port.ts';
import type { Chassis } from '../bmc/chassis.ts';
import { publishMachineEvent } from '../telemetry.ts';
import { qemuArguments } from './arguments.ts';
import { bootSources } from './boot-order.ts';
import { CdDrive, type MediumLoader } from './cd-drive.ts';
import type { Acceleration, QemuMachineSpec } from './machine-spec.ts';
import { type QemuExit, QemuProcess } from './process.ts';

export interface QemuMachineOptions {
  spec: QemuMachineSpec;
  /** A folder of its own. */
  directory: string;
  acceleration: Acceleration;
  environment: NodeJS.ProcessEnv;
  /** Default `qemu-system-x86_64`. */
  program?: string;
  /** The command that runs a program where the machine's network is. Default: as it is. */
  wrap?: (program: string, args: readonly string[]) => [program: string, args: string[]];
  load: MediumLoader;
  /** How long a BIOS that found nothing to boot waits before it tries again, in milliseconds. Default 5,000. */
  retryMs?: number;
}

const historyLimit = 1000;

/**
 * A machine in QEMU behind a virtual BMC. Commands are carried out one after the other, in the order in which they came.
 * It has the firmware that it has: an override that asks for the other kind boots by this one.
 */
export class QemuMachine implements Chassis, AsyncDisposable {
  readonly name: string;
  /** What happened to it, oldest first; the last thousand entries. */
  readonly history: string[] = [];
  readonly #options: QemuMachineOptions;
  readonly #drive: CdDrive;
  #override: BootOverride | undefined;
  #process: QemuProcess | undefined;
  /** True from a power-on to a power-off, restarts included. */
  #isOn = false;
  #isDisposed = false;
  /** Ends the wait for a medium when the power is cut in the meantime. */
  #starting = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(options: QemuMachineOptions) {
    this.name = options.spec.name;
    this.#options = options;
    this.#drive = new CdDrive(options.directory, options.load, (url, error) =>
      this.#note(`${url} cannot be put into the drive: ${messageOf(error)}`),
    );
  }

  powerState(): PowerState {
    return this.#isOn ? 'on' : 'off';
  }

  power(action: PowerAction): void {
    if (action === 'off' || action === 'cycle') this.#starting.abort();
    this.#later(`power ${action}`, () => this.#carryOut(action));
  }

  bootOverride(): BootOverrideState {
    return this.#override === undefined ? { active: false } : { active: true, ...this.#override };
  }

  setBootOverride(override: BootOverride | undefined): void {
    this.#override = override && { ...override };
  }

  medium(): string | undefined {
    return this.#drive.url;
  }

  setMedium(url: string | undefined): void {
    if (this.#isDisposed) return;
    this.#drive.change(url);
    // Not one of the commands: fetching takes long, and nothing has to wait for it but the next boot.
    const shown = async () => {
      const running = this.#process;
      await this.#drive.file;
      if (running !== undefined && running === this.#process) await this.#drive.show(running.qmp);
    };
    shown().catch((error) => this.#note(`the drive stays as it is: ${messageOf(error)}`));
  }

  nmi(): void {
    this.#later('nmi', async () => {
      await this.#process?.qmp.execute('inject-nmi');
    });
  }

  /** Writes what its screen shows, as PNG. @throws QmpError; Error when it is off */
  async screenshot(file: string): Promise<void> {
    if (this.#process === undefined) throw new Error(`machine ${this.name} is off: there is nothing to see`);
    await this.#process.qmp.execute('screendump', { filename: file, format: 'png' });
  }

  /** Resolves when every command so far is carried out. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Cuts its power for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#starting.abort();
    await this.#work;
    await this.#stop();
    await this.#drive[Symbol.asyncDispose]();
  }

  #later(what: string, work: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#isDisposed ? undefined : work()))
      .catch((error) => this.#note(`${what} failed: ${messageOf(error)}`));
  }

  async #carryOut(action: PowerAction): Promise<void> {
    if (action === 'on') {
      if (!this.#isOn) await this.#boot();
      return;
    }
    // A machine that is off can neither be shut down nor restarted.
    if (!this.#isOn) return;
    if (action === 'soft') {
      await this.#process?.qmp.execute('system_powerdown');
      return;
    }
    if (action !== 'reset') await this.#stop();
    if (action !== 'off') await this.#boot();
  }

  async #boot(): Promise<void> {
    const starting = new AbortController();
    this.#starting = starting;
    this.#isOn = true;
    const cdrom = await Promise.race([this.#drive.file, aborted(starting.signal)]);
    if (starting.signal.aborted) {
      await this.#stop();
      return;
    }
    const before = this.#process;
    this.#process = undefined;
    await before?.kill();
    const { spec, acceleration, directory, environment, program = 'qemu-system-x86_64', wrap, retryMs } = this.#options;
    const override = this.#override;
    if (override?.persistent === false) this.#override = undefined;
    const sources = bootSources(spec.bootOrder, override);
    const args = qemuArguments(spec, {
      acceleration,
      sources,
      ...(cdrom === undefined ? {} : { cdrom }),
      ...(retryMs === undefined ? {} : { retryMs }),
    });
    const [file, all] = wrap?.(program, args) ?? [program, args];
    this.#note(`boots from ${sources.join(', ')}`);
    const started = new QemuProcess({ file, args: all, environment, directory, logFile: join(directory, 'qemu.log') });
    this.#process = started;
    void started.exited.then((exit) => this.#ended(started, exit));
    await started.qmp.ready();
  }

  /** A guest that restarts boots anew, in the order that holds now; one that ends otherwise is off. */
  #ended(process: QemuProcess, { reason, how }: QemuExit): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    if (reason === 'guest-reset') {
      this.#note('restarts');
      this.#later('restart', async () => {
        if (this.#isOn && this.#process === undefined) await this.#boot();
      });
      return;
    }
    this.#isOn = false;
    this.#note(reason === 'guest-shutdown' ? 'switches itself off' : `is off: QEMU ${how}`);
  }

  async #stop(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    const wasOn = this.#isOn;
    await running?.kill();
    this.#isOn = false;
    if (wasOn) this.#note('loses its power');
  }

  #note(what: string): void {
    if (this.history.length >= historyLimit) this.history.shift();
    this.history.push(what);
    publishMachineEvent({ machine: this.name, what });
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
