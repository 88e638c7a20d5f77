import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import { ControlClient } from '../../rack/control/control-client.ts';
import { livingRack, rackLayout } from '../../rack/control/rack-record.ts';
import { readSettings } from '../settings.ts';

export interface RackFlags {
  dir?: string;
}

/** What every `capt rack` command works with. */
export interface RackContext {
  /** Folder of the rack, absolute. */
  readonly directory: string;
  /** ` --dir …` to put behind commands that are shown to the user, empty for the default folder. */
  readonly directoryFlag: string;
  /** One line on standard output. */
  print(line: string): void;
}

export function rackContext({ dir }: RackFlags): RackContext {
  const { stateDirectory } = readSettings(process.env, homedir());
  return {
    directory: dir === undefined ? join(stateDirectory, 'rack') : resolve(dir),
    directoryFlag: dir === undefined ? '' : ` --dir ${resolve(dir)}`,
    print: (line) => process.stdout.write(`${line}\n`),
  };
}

/** @throws CaptError RACK_NOT_RUNNING */
export function runningRack({ directory, directoryFlag }: RackContext): ControlClient {
  if (livingRack(directory) === undefined) throw new CaptError('RACK_NOT_RUNNING', { directory, directoryFlag });
  return new ControlClient(rackLayout(directory).socket);
}
