import { CaptError } from '../../api/errors/capt-error.ts';
import type { OsImage } from '../../bootstrap/image/build-image.ts';
import { chooseFreePort, requireFreePort } from '../../bootstrap/local/ports.ts';
import { requireLinux } from '../../bootstrap/process/identity.ts';
import { judge, type Preflight } from '../../bootstrap/quickstart/preflight.ts';
import {
  decideBeginning,
  isWhole,
  type QuickstartPorts,
  type QuickstartRecord,
  readQuickstart,
  type Wish,
  writeQuickstart,
} from '../../bootstrap/quickstart/record.ts';
import { catchInterrupts } from '../interrupt.ts';
import { waitForMachines } from './cluster-stages.ts';
import { type QuickstartContext, type QuickstartFlags, quickstartContext } from './context.ts';
import { applyEmulatedCluster, makeImage, makeInstaller, startEmulated } from './emulated.ts';
import { endEverything, livingParts, removeFiles } from './end.ts';
import { exclusively } from './exclusively.ts';
import { machineFacts } from './machine-facts.ts';
import { Screen } from './screen.ts';
import { Session, type SessionFlags } from './session.ts';
import { applySimulatedCluster, buildPrograms, startSimulated } from './simulated.ts';
import { stagesOf } from './stage-list.ts';
import { showResult } from './tables.ts';

export interface UpFlags extends QuickstartFlags, SessionFlags {
  rack?: 'qemu' | 'simulated';
  machines: number;
  workers: number;
  firmware: 'bios' | 'uefi';
  port?: number;
  keep?: boolean;
}

/** `capt quickstart` */
export async function quickstart(flags: UpFlags): Promise<void> {
  requireLinux();
  const context = quickstartContext(flags);
  await using _lock = await exclusively(context);
  using interrupt = catchInterrupts();
  await endRemains(context);
  const { rack } = await preflight(context, flags);
  const { machines, workers, firmware } = flags;
  const { record, goOn } = await begin(context, flags, { rack, machines, workers, firmware });
  let screen: Screen | undefined;
  const onChange = () => screen?.update();
  await using session = new Session({
    context,
    flags,
    record,
    stages: stagesOf(rack),
    signal: interrupt.signal,
    onChange,
  });
  await using undo = new AsyncDisposableStack();
  // What has been finished is its owner's, and an interrupted look at it ends nothing.
  if (record.finishedAt === undefined) undo.defer(() => end(context, flags));
  {
    using shown = new Screen({ out: process.stdout, snapshot: () => session.snapshot });
    screen = shown;
    await run(session, goOn);
  }
  undo.move();
  session.update({ finishedAt: session.record.finishedAt ?? new Date().toISOString() });
  await showResult(session);
}

/** Everything from nothing to a cluster; what runs already is not touched. */
async function run(session: Session, goOn: boolean): Promise<void> {
  // A cluster that was made is its owner's: what has been changed since stays so.
  const isMade = session.record.finishedAt !== undefined;
  if (session.record.wish.rack === 'simulated') {
    const version = await buildPrograms(session);
    if (!goOn) await stock(session, () => startSimulated(session, version));
    if (!isMade) await applySimulatedCluster(session, version);
  } else {
    let image: OsImage | undefined;
    const start = async () => {
      await buildPrograms(session);
      // The image has programs of the same sources: two builds of them at once would do the same work twice.
      const make = async () => {
        if (!isMade) image = await makeImage(session);
      };
      await session.together(make, async () => {
        if (!goOn) await stock(session, () => startEmulated(session));
      });
    };
    await session.together(start, ...(isMade ? [] : [() => makeInstaller(session)]));
    if (image !== undefined) await applyEmulatedCluster(session, image);
  }
  await waitForMachines(session);
}

async function stock(session: Session, start: () => Promise<void>): Promise<void> {
  await start();
  session.update({ stockedAt: new Date().toISOString() });
}

/** What lives of an earlier one without the rest would take memory, ports and addresses from this one. */
async function endRemains(context: QuickstartContext): Promise<void> {
  if (isWhole(readQuickstart(context.layout.record), livingParts(context))) return;
  const ended = await endEverything(context);
  if (ended.length > 0) context.print(`Starting over; ended what an earlier one left: ${ended.join(', ')}`);
}

/** @throws CaptError QUICKSTART_UNFIT */
async function preflight(context: QuickstartContext, flags: UpFlags): Promise<Preflight> {
  const before = readQuickstart(context.layout.record);
  const warm = before?.finishedAt !== undefined;
  const { workers } = flags;
  // What runs takes the memory that would be missing now.
  if (isWhole(before, livingParts(context))) {
    return { rack: flags.rack ?? before.wish.rack, problems: [], remarks: [] };
  }
  const { rack } = flags;
  const found = judge(await machineFacts(context), { workers, warm, ...(rack === undefined ? {} : { rack }) });
  if (found.problems.length > 0) {
    throw new CaptError('QUICKSTART_UNFIT', { problems: found.problems.map((problem) => `  ${problem}`).join('\n') });
  }
  if (found.remarks.length > 0) {
    context.print('Machines are simulated: everything but the metal is real. Emulated machines would need more:');
    for (const remark of found.remarks) context.print(`  ${remark}`);
  }
  return found;
}

/** Finds out whether one runs that is exactly what is wanted; if none runs, removes the files of the last one. */
async function begin(
  context: QuickstartContext,
  flags: UpFlags,
  wish: Wish,
): Promise<{ record: QuickstartRecord; goOn: boolean }> {
  const { layout, directoryFlag } = context;
  const before = readQuickstart(layout.record);
  const beginning = decideBeginning(before, wish, livingParts(context));
  if (beginning.kind === 'differs') {
    const { differences } = beginning;
    throw new CaptError('QUICKSTART_DIFFERS', { directory: layout.directory, differences, directoryFlag });
  }
  if (beginning.kind === 'goOn' && before !== undefined) {
    context.print('Everything runs already; going on with it.');
    return { record: before, goOn: true };
  }
  await removeFiles(context);
  const ports = await choosePorts(flags, before?.ports);
  // On a network of their own all of our services have the ports they always have.
  const own = wish.rack === 'qemu' ? { ...ports, http: 7080, agent: 42_113, webhook: 9443 } : ports;
  const record: QuickstartRecord = { format: 1, wish, ports: own };
  writeQuickstart(layout.record, record);
  return { record, goOn: false };
}

/** Those of last time where they are free: kubeconfigs that people have copied go on working. */
async function choosePorts({ port }: UpFlags, before: QuickstartPorts | undefined): Promise<QuickstartPorts> {
  const host = '127.0.0.1';
  const taken: number[] = [];
  const choose = async (preferred: number | undefined) => {
    const chosen = await chooseFreePort(host, { preferred, taken });
    taken.push(chosen);
    return chosen;
  };
  if (port) {
    await requireFreePort(host, port, '--port');
    taken.push(port);
  }
  return {
    api: port || (await choose(port === 0 ? undefined : (before?.api ?? 6443))),
    cluster: await choose(before?.cluster),
    http: await choose(before?.http),
    agent: await choose(before?.agent),
    webhook: await choose(before?.webhook),
  };
}

/** After a failure nothing runs on, unless somebody wants to look at it. */
async function end(context: QuickstartContext, { keep }: UpFlags): Promise<void> {
  const { directory } = context.layout;
  if (keep) {
    context.print(`Everything that was started is kept: capt quickstart down${context.directoryFlag} ends it`);
    return;
  }
  const ended = await endEverything(context);
  if (ended.length > 0) context.print(`Ended ${ended.join(', ')}; logs stay in ${directory}`);
}
