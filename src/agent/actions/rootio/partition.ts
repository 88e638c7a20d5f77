import { isDeepStrictEqual } from 'node:util';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { BlockFile, claimable } from '../../disk/block-file.ts';
import { eraseDisk } from '../../disk/erase.ts';
import { rereadPartitions } from '../../disk/partition-nodes.ts';
import { readPartitionTable } from '../../disk/partition-table.ts';
import type { ActionContext } from '../action.ts';
import type { DiskLayout, TableKind } from './layout.ts';
import { type PartitionPlan, planOf, planPartitions, sfdiskScript } from './partition-plan.ts';

/**
 * Writes the partition tables, after every disk was found free and large enough. The program `sfdisk` writes them: it is in
 * every Debian, knows both kinds of table and disks with sectors of 4096 bytes, and keeps the copy of a GPT.
 * @returns the disks that were changed. Throws `ACTION_LAYOUT_INVALID` and what the disks have against it.
 */
export async function partitionDisks(
  context: ActionContext,
  disks: readonly DiskLayout[],
  table: TableKind,
): Promise<string[]> {
  const jobs = await planAll(context, disks, table);
  for (const { disk, plan } of jobs) await partition(context, disk.device, plan);
  return jobs.map(({ disk }) => disk.device);
}

interface Job {
  readonly disk: DiskLayout;
  readonly plan: PartitionPlan;
}

async function planAll(context: ActionContext, disks: readonly DiskLayout[], table: TableKind): Promise<Job[]> {
  const { log } = context;
  const devices = disks.map(({ device }) => device);
  await claimable(context, devices);
  const problems: string[] = [];
  const jobs: Job[] = [];
  for (const disk of disks) {
    const plan = planPartitions(disk, table, await geometryOf(context, disk.device));
    if ('problems' in plan) {
      problems.push(...plan.problems);
      continue;
    }
    const before = planOf(await readPartitionTable(context, disk.device));
    if (isDeepStrictEqual(before, plan)) log(`${disk.device} has these partitions already`);
    else if (before === undefined || disk.wipeTable) jobs.push({ disk, plan });
    else problems.push(`${disk.device} has a partition table, and its wipe_table is not true`);
  }
  if (problems.length === 0) return jobs;
  throw new CaptError('ACTION_LAYOUT_INVALID', { source: 'the metadata', problems: problems.join('; ') });
}

async function geometryOf(context: ActionContext, device: string) {
  await using disk = await BlockFile.open(context, device, 'read');
  const { stdout } = await context.run('blockdev', ['--getss', device], { onLine: () => {} });
  return { sizeBytes: disk.sizeBytes, sectorBytes: Number(stdout) };
}

async function partition(context: ActionContext, device: string, plan: PartitionPlan): Promise<void> {
  const { paths, log } = context;
  // Nothing shall find the old partitions again: their signatures go with the table that tells where they are.
  await eraseDisk(context, device, 'quick');
  await context.run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', '--wipe', 'never', device], {
    input: sfdiskScript(plan),
  });
  await rereadPartitions(context, {
    disk: device,
    numbers: plan.partitions.map(({ number }) => number),
    devFolder: paths.dev,
    sysFolder: paths.sys,
  });
  await context.run('blockdev', ['--flushbufs', device]);
  const after = planOf(await readPartitionTable(context, device));
  if (!isDeepStrictEqual(after, plan)) {
    const cause = `its partition table is ${JSON.stringify(after)}, not ${JSON.stringify(plan)}`;
    throw new CaptError('ACTION_LAYOUT_UNVERIFIED', { device, cause });
  }
  log(`${device} has ${plan.partitions.length} partitions (${plan.table})`);
}
