import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../api/time/clock.ts';

/**
 * An action that the agent carries out itself instead of running an image. It is chosen by the last part of the image's name
 * (`quay.io/tinkerbell/actions/writefile:latest` and `registry.local/writefile@sha256:…` are both `writefile`) and takes the
 * environment variables of the original of that name.
 */
export interface NativeAction {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** What it reads from its environment. Checked all at once before `run`; defaults are filled in. */
  readonly variables: readonly Variable[];
  /** Rules about several variables together; gets the environment with defaults. @returns all problems, each a sentence */
  readonly problems?: (env: Environment) => readonly string[];
  /**
   * Does it. Resolves (with `{}` when there is nothing to add) when it is done and verified, throws (best a `CaptError`)
   * when not; when `context.signal` aborts it stops, undoes its mounts and throws. Never ends the machine itself: what ends it is returned as `finale`.
   */
  run(context: ActionContext): Promise<ActionResult>;
}

/** One environment variable of an action. */
export interface Variable {
  readonly name: string;
  /** What it means, for `--help`: one line. */
  readonly what: string;
  /** Missing or empty is an error. Default false. */
  readonly required?: boolean;
  /** With `required`: it has to be there, but may be empty. */
  readonly mayBeEmpty?: boolean;
  /** Taken when it is missing (an empty value is a value). */
  readonly default?: string;
  /** Its value is never logged nor put into an error. */
  readonly secret?: boolean;
  /** What is wrong with a value that is not empty: words that follow the name ("must be …"), or nothing. */
  readonly check?: (value: string) => string | undefined;
}

export type Environment = Readonly<Record<string, string>>;

export interface ActionResult {
  /** Goes to the server with the success: one short line, for example a digest. */
  readonly message?: string;
  /** What ends the machine (kexec, reboot): done only when the server has taken the success. */
  readonly finale?: Finale;
}

/** Plain data: it is kept with the agent's state and done even if the agent is restarted before. */
export interface Finale {
  /** `kexec` starts the kernel that the action has loaded. */
  readonly how: 'kexec' | 'reboot' | 'poweroff';
  /** How long to wait after the success was taken. Default 0. */
  readonly delaySeconds?: number;
}

export interface ActionContext {
  /** Checked, with defaults. */
  readonly env: Environment;
  /** `command` of the action in the template. */
  readonly args: readonly string[];
  /** Aborts on timeout and cancel. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly paths: Paths;
  /** One line for the log, without secrets. */
  log(line: string): void;
  /** May be called as often as one likes; it goes on at most once a second, with rate and time left. */
  progress(progress: Progress): void;
  /** Runs a program to its end. Throws `ACTION_COMMAND_FAILED` unless it exits with an accepted code. */
  run(command: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts a program whose input and output are streams (a decoder). It dies with the action at the latest. */
  start(command: string, args: readonly string[], options?: StartOptions): RunningCommand;
  /** Everybody in this mount namespace (`mnt:[…]` of `/proc/<pid>/ns/mnt`) is killed with the action. */
  own(mountNamespace: string): void;
}

export interface Progress {
  /** Done so far, in bytes of `totalBytes`. */
  readonly bytes: number;
  /** Unknown while undefined. */
  readonly totalBytes?: number;
  /** What is going on, two or three words: "writing /dev/sda". */
  readonly what?: string;
}

/** Where the kernel's trees are; tests give folders of their own. */
export interface Paths {
  readonly sys: string;
  readonly proc: string;
  readonly dev: string;
  /** Folder of the agent for what lives as long as the machine runs (mount points, state). */
  readonly run: string;
}

export interface StartOptions {
  /** Added to the agent's environment. */
  readonly env?: Environment;
  readonly cwd?: string;
}

export interface CommandOptions extends StartOptions {
  readonly input?: string | Uint8Array;
  /** Exit codes that are no failure. Default 0. */
  readonly accept?: readonly number[];
  /** Called for each line of output instead of `log`. */
  readonly onLine?: (line: string) => void;
  /** Shown instead of the arguments in logs and errors: arguments may hold secrets. */
  readonly title?: string;
}

export interface CommandResult {
  /** -1 when a signal ended it. */
  readonly exitCode: number;
  readonly killedBy: string | undefined;
  /** Only the last 64 KiB. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Settles when it has ended and its output is closed; rejects only when it could not be started. */
  readonly ended: Promise<CommandResult>;
  /** Kills it and all it has started; resolves when they are gone. */
  kill(): Promise<void>;
}
