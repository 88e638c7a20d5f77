import { MachineDeployment } from '../../api/capi/v1beta2/machine-deployment.ts';
import { CaptError } from '../../api/errors/capt-error.ts';
import { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { TinkerbellMachineTemplate } from '../../api/infrastructure/v1beta1/tinkerbell-machine-template.ts';
import { ownerNameLabel } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { readQuickstart } from '../../bootstrap/quickstart/record.ts';
import { timeLines } from '../../bootstrap/quickstart/view/lines.ts';
import type { MachineView } from '../../bootstrap/quickstart/view/machine-view.ts';
import { catchInterrupts } from '../interrupt.ts';
import { watchMachines } from './cluster-stages.ts';
import { type QuickstartFlags, quickstartContext } from './context.ts';
import { findData, partitionsOf } from './disk-content.ts';
import { livingParts } from './end.ts';
import { exclusively } from './exclusively.ts';
import { Screen } from './screen.ts';
import { clusterName, namespace, Session } from './session.ts';
import { stagesOf } from './stage-list.ts';

export interface DemoFlags extends QuickstartFlags {
  timeout: number;
}

const workers = { namespace, name: `${clusterName}-worker-a` };

/** `capt quickstart demo scale`: one worker more, then one less; the disk that came back is read from outside. */
export async function demoScale(flags: DemoFlags): Promise<void> {
  await demonstrate('scale', flags, async (session) => {
    const { stages, signal, management } = session;
    const before = (await management.get(MachineDeployment, workers, { signal })).spec?.replicas ?? 1;
    const { machines } = session.record.wish;
    if (1 + before >= machines) throw new CaptError('NO_SPARE_MACHINE', { workers: before, machines, ...workers });
    const scale = async (replicas: number) => {
      await management.mergePatch(MachineDeployment, workers, { spec: { replicas } }, { signal });
      await watchMachines(session, `scaling to ${replicas} workers`, (machines) => allRun(machines, 1 + replicas));
    };
    const hostsOf = () => new Set(session.machines.flatMap(({ host }) => host ?? []));
    await stages.run('grow', async (tell) => {
      await scale(before + 1);
      tell(`${before + 1} workers run`);
    });
    const hosts = hostsOf();
    const partitions = await partitionsOf(session.context.layout.rack);
    await stages.run('shrink', async (tell) => {
      await scale(before);
      tell(`${before} run`);
    });
    const [host = ''] = [...hosts].filter((each) => !hostsOf().has(each));
    await stages.run('wiped', async (tell) => {
      await requireFree(session, host);
      const data = await findData(session.context.layout.rack, host, partitions);
      if (data !== undefined) throw new CaptError('DISK_NOT_WIPED', { host, data });
      tell(`${host} is free, and nothing is on its disk: no partition table, no file system`);
    });
  });
}

/** `capt quickstart demo upgrade`: another template, to which the worker is rolled without a spare host. */
export async function demoUpgrade(flags: DemoFlags): Promise<void> {
  await demonstrate('upgrade', flags, async (session) => {
    const { stages, signal, management } = session;
    const deployment = await management.get(MachineDeployment, workers, { signal });
    const { infrastructureRef } = deployment.spec?.template.spec ?? {};
    const name = await stages.run('template', async (tell) => {
      const next = await copyTemplate(session, infrastructureRef?.name ?? '');
      const spec = { template: { spec: { infrastructureRef: { ...infrastructureRef, name: next } } } };
      await management.mergePatch(MachineDeployment, workers, { spec }, { signal });
      tell(next);
      return next;
    });
    await stages.run('roll', async (tell) => {
      const replicas = deployment.spec?.replicas ?? 1;
      await watchMachines(session, 'the rolling update', async (machines) => {
        return allRun(machines, 1 + replicas) && (await allMadeFrom(session, name));
      });
      tell(`${replicas} made from ${name}`);
    });
  });
}

async function demonstrate(what: 'scale' | 'upgrade', flags: DemoFlags, show: (session: Session) => Promise<void>) {
  const context = quickstartContext(flags);
  const { layout, directoryFlag, print } = context;
  await using _lock = await exclusively(context);
  const record = readQuickstart(layout.record);
  const { stack, rack } = livingParts(context);
  if (record?.finishedAt === undefined || !stack || !rack) {
    throw new CaptError('QUICKSTART_NOT_RUNNING', { directory: layout.directory, directoryFlag });
  }
  using interrupt = catchInterrupts();
  let screen: Screen | undefined;
  const onChange = () => screen?.update();
  await using session = new Session({
    ...{ context, flags, record, onChange },
    stages: stagesOf(what),
    signal: interrupt.signal,
  });
  {
    using shown = new Screen({ out: process.stdout, snapshot: () => session.snapshot });
    screen = shown;
    await show(session);
  }
  print('');
  for (const line of timeLines(session.stages.views, session.stages.elapsedMs)) print(line);
}

function allRun(machines: readonly MachineView[], wanted: number): boolean {
  return machines.length === wanted && machines.every(({ running }) => running);
}

/** A template is never changed: a copy under another name is what users make too. */
async function copyTemplate({ management, signal }: Session, name: string): Promise<string> {
  const { spec } = await management.get(TinkerbellMachineTemplate, { namespace, name }, { signal });
  const number = Number(/-v(\d+)$/.exec(name)?.[1] ?? 1);
  const next = `${name.replace(/-v\d+$/, '')}-v${number + 1}`;
  const { group, version, kind } = TinkerbellMachineTemplate;
  const copy = {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { namespace, name: next },
    ...(spec === undefined ? {} : { spec }),
  };
  if ((await management.find(TinkerbellMachineTemplate, { namespace, name: next }, { signal })) === undefined) {
    await management.create(TinkerbellMachineTemplate, copy, { signal });
  }
  return next;
}

/** Cluster API writes into each infrastructure machine which template it was cloned from. */
async function allMadeFrom({ management, signal }: Session, template: string): Promise<boolean> {
  const selector = `cluster.x-k8s.io/deployment-name=${workers.name}`;
  const { items } = await management.list(TinkerbellMachine, { namespace, labelSelector: selector, signal });
  return items.every(({ metadata }) => metadata.annotations?.['cluster.x-k8s.io/cloned-from-name'] === template);
}

/** A Machine is gone a moment before its host is free. */
async function requireFree(session: Session, name: string): Promise<void> {
  const { management, signal } = session;
  await watchMachines(session, `giving ${name} back`, async () => {
    const hardware = await management.get(Hardware, { namespace, name }, { signal });
    return hardware.metadata.labels?.[ownerNameLabel] === undefined;
  });
}
