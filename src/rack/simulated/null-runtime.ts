import type { Finale } from '../../agent/actions/action.ts';
import { imageBaseName } from '../../agent/actions/native-action-for.ts';
import type { ActionRunner, RunOptions } from '../../agent/loop/action-runner.ts';
import type { HandedAction, Outcome } from '../../agent/loop/workflow-server.ts';
import { type Clock, sleep } from '../../api/time/clock.ts';
import type { SimulatedDisk } from './disk.ts';

export interface NullRuntimeOptions {
  disk: SimulatedDisk;
  /** The device the disk is known as. */
  device: string;
  clock: Clock;
  /** How long an action takes. */
  actionMs(): number;
  /** Asked for each action: whether this one fails. */
  fails(): boolean;
}

const streams = ['image2disk', 'oci2disk', 'archive2disk', 'qemuimg2disk'];
const endings: readonly string[] = ['kexec', 'reboot', 'poweroff'];

/**
 * Does what actions do as far as a simulated disk can show it: an image is there afterwards, a wipe leaves nothing, files
 * need an image to be written into, and kexec or reboot ends the installer. Whatever else it is asked for is done at once.
 */
export class NullRuntime implements Pick<ActionRunner, 'run'> {
  readonly #options: NullRuntimeOptions;

  constructor(options: NullRuntimeOptions) {
    this.#options = options;
  }

  async run(action: HandedAction, { signal }: RunOptions): Promise<Outcome> {
    const { clock, actionMs, fails } = this.#options;
    await sleep(clock, actionMs(), signal);
    if (signal.aborted) return failed('interrupted');
    if (fails()) return failed('this action was chosen to fail');
    return await this.#perform(imageBaseName(action.image), action);
  }

  async #perform(name: string, { environment, image }: HandedAction): Promise<Outcome> {
    const { disk, device } = this.#options;
    const target = environment['DEST_DISK'];
    if (target !== undefined && !target.startsWith(device)) return failed(`there is no ${target}`);
    if (streams.includes(name)) {
      await disk.write({ image: environment['IMG_URL'] ?? image });
      return succeeded('image written');
    }
    if (name === 'wipe') {
      await disk.wipe();
      return succeeded('wiped and read back');
    }
    if (name === 'writefile' && (await disk.read()) === undefined) return failed(`${target} has no file system`);
    const last = name === 'waitdaemon' ? imageBaseName(environment['IMAGE'] ?? '') : name;
    if (endings.includes(last)) return { ...succeeded(last), finale: { how: last as Finale['how'] } };
    return succeeded('done');
  }
}

function succeeded(message: string): Outcome {
  return { state: 'SUCCESS', message };
}

function failed(message: string): Outcome {
  return { state: 'FAILED', message };
}
