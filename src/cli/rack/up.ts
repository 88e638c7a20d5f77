import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptError } from '../../api/errors/capt-error.ts';
import { reportOutcome, startDetached } from '../../bootstrap/local/detach.ts';
import { ownIdentity, requireLinux } from '../../bootstrap/local/process/identity.ts';
import type { Client } from '../../kube/client/client.ts';
import { connect } from '../../kube/client/connect.ts';
import { loadKubeConfig } from '../../kube/client/kubeconfig.ts';
import { ControlServer } from '../../rack/control/control-server.ts';
import { livingRack, rackLayout, readRackRecord, writeRackRecord } from '../../rack/control/rack-record.ts';
import { rollBmcFaults, rollMachineFaults } from '../../rack/simulated/faults.ts';
import { WorkloadCluster } from '../../rack/simulated/os/workload-cluster.ts';
import { SimulatedRack } from '../../rack/simulated/rack.ts';
import { HardwareSite } from '../../rack/simulated/site.ts';
import { leisurelyTimes, quickTimes } from '../../rack/simulated/times.ts';
import { onMachineEvent } from '../../rack/telemetry.ts';
import { catchInterrupts } from '../interrupt.ts';
import { kubeConfigSource } from '../kubeconfig-source.ts';
import { type RackContext, type RackFlags, rackContext } from './context.ts';

export interface UpFlags extends RackFlags {
  simulated: number;
  name: string;
  kubeconfig?: string;
  workloadKubeconfig?: string;
  namespace?: string;
  agentApi: string;
  kubeletVersion: string;
  seed: number;
  faults?: boolean;
  quick?: boolean;
  foreground?: boolean;
}

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/** `capt rack up` */
export async function up(flags: UpFlags): Promise<void> {
  requireLinux();
  const context = rackContext(flags);
  if (flags.foreground) return await runInForeground(flags, context);
  refuseIfRunning(context);
  await mkdir(context.directory, { recursive: true, mode: 0o700 });
  using interrupt = catchInterrupts();
  await startDetached({
    directory: context.directory,
    command: [process.execPath, mainFile, 'rack', 'up', '--foreground', '--dir', context.directory, ...given(flags)],
    environment: process.env,
    signal: interrupt.signal,
  });
  describe(flags, context);
}

function refuseIfRunning({ directory, directoryFlag }: RackContext): void {
  if (livingRack(directory) !== undefined) throw new CaptError('RACK_RUNNING', { directory, directoryFlag });
}

/** The same flags for the process in the background. */
function given(flags: UpFlags): string[] {
  const { simulated, name, agentApi, kubeletVersion, seed, kubeconfig, workloadKubeconfig, namespace } = flags;
  return [
    ...['--simulated', String(simulated), '--name', name, '--agent-api', agentApi],
    ...['--kubelet-version', kubeletVersion, '--seed', String(seed)],
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(workloadKubeconfig === undefined ? [] : ['--workload-kubeconfig', workloadKubeconfig]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...(flags.faults ? ['--faults'] : []),
    ...(flags.quick ? ['--quick'] : []),
  ];
}

function describe({ simulated, name }: UpFlags, { print, directory, directoryFlag }: RackContext): void {
  print(`${simulated} machines are mounted in rack ${name}, switched off, with their Hardware registered`);
  print(`  disks, log, record  ${directory}`);
  print('');
  print('Try:');
  print(`  capt rack list${directoryFlag}`);
  print(`  capt rack power ${name}-0 on${directoryFlag}`);
  print(`  capt rack down${directoryFlag}`);
}

/** Is the rack until it is told to end. */
async function runInForeground(flags: UpFlags, context: RackContext): Promise<void> {
  using interrupt = catchInterrupts();
  try {
    refuseIfRunning(context);
    await using _rack = await mount(flags, context);
    reportOutcome();
    const { signal } = interrupt;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } catch (error) {
    reportOutcome(error);
    throw error;
  }
}

async function mount(flags: UpFlags, { directory, print }: RackContext): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const before = readRackRecord(directory);
  const { client, namespace } = open(flags.kubeconfig);
  stack.defer(() => client.close());
  const workload = flags.workloadKubeconfig === undefined ? client : open(flags.workloadKubeconfig).client;
  if (workload !== client) stack.defer(() => workload.close());
  const { record, socket, disks } = rackLayout(directory);
  stack.defer(onMachineEvent(({ machine, what }) => print(`${new Date().toISOString()} ${machine}: ${what}`)));
  const { name, simulated, agentApi, seed, kubeletVersion } = flags;
  const sameName = before?.name === name ? before : undefined;
  const rack = stack.use(
    await SimulatedRack.start({
      name,
      machines: simulated,
      directory: disks,
      seed,
      agentApi: () => agentApi,
      site: new HardwareSite(client, flags.namespace ?? namespace),
      workload: new WorkloadCluster(workload, { kubeletVersion }),
      times: flags.quick ? quickTimes : leisurelyTimes,
      ...(sameName === undefined ? {} : { bmcPorts: sameName.bmcPorts }),
      ...(flags.faults
        ? { faults: (_, dice) => ({ machine: rollMachineFaults(dice, 10), bmc: rollBmcFaults(dice) }) }
        : {}),
    }),
  );
  await rack.register(client, flags.namespace ?? namespace);
  stack.use(await ControlServer.start(rack, socket));
  const bmcPorts = rack.machines.map(({ bmc }) => bmc.port);
  writeRackRecord(directory, { name, bmcPorts, process: ownIdentity() });
  stack.defer(() => writeRackRecord(directory, { name, bmcPorts }));
  print(`${basename(record)}: ${simulated} machines`);
  return stack.move();
}

function open(kubeconfig: string | undefined): { client: Client; namespace: string } {
  const config = loadKubeConfig(kubeConfigSource(kubeconfig, process.env, homedir()));
  return {
    client: connect(config, { userAgent: 'capt-rack', fieldManager: 'capt-rack' }),
    namespace: config.namespace ?? 'default',
  };
}
