import { CaptError } from '../../../api/errors/capt-error.ts';
import { claimable } from '../../disk/block-file.ts';
import { eraseDisk } from '../../disk/erase.ts';
import type { ActionContext, ActionResult, NativeAction } from '../action.ts';
import { checkAbsolutePath, checkInteger } from '../environment.ts';
import { formatAll } from './format.ts';
import type { Layout, TableKind } from './layout.ts';
import { loadLayout } from './load-layout.ts';
import { mountAll } from './mount-all.ts';
import { partitionDisks } from './partition.ts';

/**
 * Makes the disks that the Hardware describes. Takes one command, as the original; unlike the original it fails when
 * something could not be done, so that nothing is installed on half a layout.
 */
export const rootio: NativeAction = {
  name: 'rootio',
  summary: 'make the storage layout of the Hardware; its command is partition, format, mount, wipe or version',
  variables: [
    { name: 'MIRROR_HOST', what: 'host of the metadata service', check: checkHost },
    { name: 'METADATA_SERVICE_PORT', what: 'its port', default: '50061', check: checkInteger(1, 65_535) },
    { name: 'MBR', what: 'anything: write MBR partition tables, not GPT' },
    { name: 'TEST', what: 'anything: take the layout from JSON_FILE' },
    { name: 'JSON_FILE', what: 'file with the answer of the metadata service', check: checkAbsolutePath },
  ],
  run: perform,
};

type Command = (context: ActionContext, layout: Layout, table: TableKind) => Promise<string>;

const commands: Readonly<Record<string, Command>> = {
  async partition(context, { disks }, table) {
    require(disks.length, 'it has no disks');
    const changed = await partitionDisks(context, disks, table);
    return changed.length === 0 ? 'all disks are partitioned already' : `partitioned ${changed.join(', ')}`;
  },
  async format(context, { filesystems }) {
    require(filesystems.length, 'it has no filesystems');
    await formatAll(context, filesystems);
    return `formatted ${filesystems.map(({ device }) => device).join(', ')}`;
  },
  async mount(context, { filesystems }) {
    require(filesystems.length, 'it has no filesystems');
    const mounted = await mountAll(context, filesystems);
    return `mounted ${mounted} file systems, and unmounted them again`;
  },
  async wipe(context, { disks }) {
    const devices = disks.filter(({ wipeTable }) => wipeTable).map(({ device }) => device);
    require(devices.length, 'none of its disks has wipe_table: true');
    await claimable(context, devices);
    for (const device of devices) await eraseDisk(context, device, 'quick');
    return `wiped ${devices.join(', ')}`;
  },
};

async function perform(context: ActionContext): Promise<ActionResult> {
  const { env, args } = context;
  const [name = '', ...more] = args;
  if (name === 'version' && more.length === 0) return { message: 'rootio as part of the agent of capt' };
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const problems: string[] = [];
  if (command === undefined || more.length > 0)
    problems.push(`its command is "${args.join(' ')}", but must be partition, format, mount, wipe or version`);
  if (env['TEST'] && !env['JSON_FILE']) problems.push('JSON_FILE is missing (TEST takes the layout from it)');
  if (!env['TEST'] && !env['MIRROR_HOST']) problems.push('MIRROR_HOST is missing (host of the metadata service)');
  if (command === undefined || problems.length > 0)
    throw new CaptError('ACTION_ENVIRONMENT_INVALID', { name: 'rootio', problems: problems.join('; ') });
  const table = env['MBR'] ? 'dos' : 'gpt';
  return { message: await command(context, await loadLayout(context, table), table) };
}

function checkHost(value: string): string | undefined {
  return /^(\[?[0-9a-f:.]+\]?|[\w.-]+)$/i.test(value) ? undefined : `is "${value}", but must be a host name or address`;
}

function require(count: number, problem: string): void {
  if (count === 0) throw new CaptError('ACTION_LAYOUT_INVALID', { source: 'the metadata', problems: problem });
}
