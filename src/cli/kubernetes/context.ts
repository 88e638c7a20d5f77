import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { readSettings, type Settings } from '../settings.ts';

/** What every `capt kubernetes` command works with. */
export interface KubernetesContext extends Settings {
  /** Folder of the control plane, absolute. */
  readonly directory: string;
  /** ` --dir …` to put behind commands that are shown to the user, empty for the default folder. */
  readonly directoryFlag: string;
  readonly environment: NodeJS.ProcessEnv;
  /** One line on standard error: progress and remarks, so that standard output holds the result only. */
  report(line: string): void;
  /** One line on standard output. */
  print(line: string): void;
}

export function kubernetesContext({ dir }: { dir?: string } = {}): KubernetesContext {
  const settings = readSettings(process.env, homedir());
  return {
    ...settings,
    directory: dir === undefined ? join(settings.stateDirectory, 'kubernetes') : resolve(dir),
    directoryFlag: dir === undefined ? '' : ` --dir ${resolve(dir)}`,
    environment: process.env,
    report: (line) => process.stderr.write(`${line}\n`),
    print: (line) => process.stdout.write(`${line}\n`),
  };
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535 (0 for any free port).');
}

export function parseAddress(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError('It must be an IP address of this machine, 0.0.0.0 or ::.');
}
