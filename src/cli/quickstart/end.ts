import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { endControlPlane } from '../../bootstrap/local/down.ts';
import { endProcesses } from '../../bootstrap/process/end.ts';
import type { Living } from '../../bootstrap/quickstart/record.ts';
import { livingStack } from '../../bootstrap/quickstart/stack-process.ts';
import { livingRack } from '../../rack/control/rack-record.ts';
import { endRack } from '../rack/end-rack.ts';
import type { QuickstartContext } from './context.ts';

/** How long the stack may take to end all its processes in order. */
const stackGraceMs = 60_000;

/** What of a quick start lives. */
export function livingParts({ layout }: QuickstartContext): Living {
  return {
    stack: livingStack(layout.stackProcess) !== undefined,
    rack: livingRack(layout.rack) !== undefined,
  };
}

/**
 * Ends everything that a quick start runs, what is inside first: the rack ends whatever runs on its network. Also what a
 * part that was killed has left. Returns what was ended.
 */
export async function endEverything(context: QuickstartContext): Promise<string[]> {
  const { layout } = context;
  const ended: string[] = [];
  const stack = livingStack(layout.stackProcess);
  if (stack !== undefined) {
    ended.push(...(await endProcesses([{ name: 'management cluster', identity: stack }], { graceMs: stackGraceMs })));
  }
  for (const directory of [layout.kubernetes, layout.workload]) {
    if (existsSync(directory)) ended.push(...(await endControlPlane({ directory })));
  }
  if (await endRack(layout.rack)) ended.push('rack');
  return ended;
}

/** Removes what a quick start made, and nothing else that may lie in the same folder; nothing of it may run. */
export async function removeFiles({ layout }: QuickstartContext): Promise<void> {
  // Written before anything else: without it none of the rest is ours.
  if (!existsSync(layout.record)) return;
  const { directory, record, lock, ...rest } = layout;
  for (const path of Object.values(rest)) await rm(path, { recursive: true, force: true });
  await rm(record, { force: true });
}

/** Removes the folder too, if nothing else lies in it. */
export async function removeFolder({ layout }: QuickstartContext): Promise<void> {
  await rm(layout.lock, { recursive: true, force: true });
  await rmdir(layout.directory).catch(() => {});
}
