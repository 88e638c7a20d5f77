import { existsSync } from 'node:fs';
import { type QuickstartFlags, quickstartContext } from './context.ts';
import { endEverything, removeFiles, removeFolder } from './end.ts';
import { exclusively } from './exclusively.ts';

export interface DownFlags extends QuickstartFlags {
  purge?: boolean;
}

/** `capt quickstart down` */
export async function down(flags: DownFlags): Promise<void> {
  const context = quickstartContext(flags);
  const { directory } = context.layout;
  if (!existsSync(directory)) return context.print(`nothing is in ${directory}`);
  {
    await using _lock = await exclusively(context);
    const ended = await endEverything(context);
    context.print(ended.length === 0 ? `nothing runs in ${directory}` : `ended ${ended.join(', ')}`);
    if (!flags.purge) return context.print(`logs and disks stay in ${directory}; --purge removes them`);
    await removeFiles(context);
  }
  await removeFolder(context);
  context.print(`removed what was in ${directory}`);
}
