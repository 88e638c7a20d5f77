import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type QuickstartLayout, quickstartLayout } from '../../bootstrap/quickstart/layout.ts';
import { readSettings, type Settings } from '../settings.ts';

export interface QuickstartFlags {
  dir?: string;
}

/** What every `capt quickstart` command works with. */
export interface QuickstartContext extends Settings {
  readonly layout: QuickstartLayout;
  /** ` --dir …` to put behind commands that are shown to the user, empty for the default folder. */
  readonly directoryFlag: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Program and first arguments of this command line. */
  readonly command: readonly [string, ...string[]];
  /** One line on standard output. */
  print(line: string): void;
}

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

export function quickstartContext({ dir }: QuickstartFlags): QuickstartContext {
  const settings = readSettings(process.env, homedir());
  const directory = dir === undefined ? join(settings.stateDirectory, 'quickstart') : resolve(dir);
  return {
    ...settings,
    layout: quickstartLayout(directory),
    directoryFlag: dir === undefined ? '' : ` --dir ${directory}`,
    environment: process.env,
    command: [process.execPath, mainFile],
    print: (line) => process.stdout.write(`${line}\n`),
  };
}
