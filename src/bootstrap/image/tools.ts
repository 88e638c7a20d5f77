import { CaptError } from '../../api/errors/capt-error.ts';
import { which } from '../local/build/which.ts';
import { type CommandResult, runCommand } from '../process/command.ts';

/** Program → the Debian package that has it. */
const programs: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  unshare: 'util-linux',
  tar: 'tar',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
  zstd: 'zstd',
  'grub-mkimage': 'grub-common',
};

/** Runs the programs that an image is made with. Whatever they start or mount ends with them, even when they are killed. */
export class Tools {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;

  constructor(environment: NodeJS.ProcessEnv, signal?: AbortSignal) {
    // Programs of administrators are not on everybody's PATH.
    this.environment = { ...environment, PATH: `${environment['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
    this.signal = signal;
  }

  /** Throws `IMAGE_NEEDS_ROOT` or `IMAGE_TOOLS_MISSING`. */
  async check(userId: number | undefined): Promise<void> {
    if (userId !== 0) throw new CaptError('IMAGE_NEEDS_ROOT');
    const missing: string[] = [];
    for (const [program, debianPackage] of Object.entries(programs)) {
      if ((await which(program, this.environment)) === undefined) missing.push(debianPackage);
    }
    if (missing.length > 0) throw new CaptError('IMAGE_TOOLS_MISSING', { packages: missing.join(' ') });
  }

  /** Throws `IMAGE_STEP_FAILED` with the last lines of output. */
  async run(step: string, program: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const { environment, signal } = this;
    const result = await runCommand(program, args, {
      environment: { ...environment, ...options.environment },
      signal,
      endsWithUs: true,
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    });
    if (result.exitCode === 0) return result;
    const output = result.tail.slice(-15).join('\n');
    throw new CaptError('IMAGE_STEP_FAILED', { step, program, exitCode: result.exitCode, output });
  }

  /** The same in namespaces of its own: its mounts are nobody else's, and no process outlives it. */
  async runAlone(step: string, program: string, args: readonly string[], options?: RunOptions): Promise<CommandResult> {
    const flags = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    return await this.run(step, 'unshare', [...flags, program, ...args], options);
  }
}

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}
