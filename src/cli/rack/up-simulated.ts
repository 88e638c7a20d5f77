import { homedir } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDetached } from '../../bootstrap/local/detach.ts';
import { ownIdentity } from '../../bootstrap/process/identity.ts';
import type { Client } from '../../kube/client/client.ts';
import { connect } from '../../kube/client/connect.ts';
import { loadKubeConfig } from '../../kube/client/kubeconfig.ts';
import { ControlServer } from '../../rack/control/control-server.ts';
import { rackLayout, readRackRecord, writeRackRecord } from '../../rack/control/rack-record.ts';
import { ControlledSimulatedMachine } from '../../rack/simulated/controlled-machine.ts';
import { rollBmcFaults, rollMachineFaults } from '../../rack/simulated/faults.ts';
import { WorkloadCluster } from '../../rack/simulated/os/workload-cluster.ts';
import { SimulatedRack } from '../../rack/simulated/rack.ts';
import { HardwareSite } from '../../rack/simulated/site.ts';
import { leisurelyTimes, quickTimes } from '../../rack/simulated/times.ts';
import { onMachineEvent } from '../../rack/telemetry.ts';
import { catchInterrupts } from '../interrupt.ts';
import { kubeConfigSource } from '../kubeconfig-source.ts';
import type { RackContext, RackFlags } from './context.ts';

export interface SimulatedFlags extends RackFlags {
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
}

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts simulated machines in the background. */
export async function startSimulated(flags: SimulatedFlags, context: RackContext): Promise<void> {
  using interrupt = catchInterrupts();
  await startDetached({
    directory: context.directory,
    command: [process.execPath, mainFile, 'rack', 'up', '--foreground', '--dir', context.directory, ...given(flags)],
    environment: process.env,
    signal: interrupt.signal,
  });
  describe(flags, context);
}

/** The same flags for the process in the background. */
function given(flags: SimulatedFlags): string[] {
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

function describe({ simulated, name }: SimulatedFlags, { print, directory, directoryFlag }: RackContext): void {
  print(`${simulated} machines are mounted in rack ${name}, switched off, with their Hardware registered`);
  print(`  disks, log, record  ${directory}`);
  print('');
  print('Try:');
  print(`  capt rack list${directoryFlag}`);
  print(`  capt rack power ${name}-0 on${directoryFlag}`);
  print(`  capt rack down${directoryFlag}`);
}

/** Is the rack: machines in this process. */
export async function mountSimulated(
  flags: SimulatedFlags,
  { directory, print }: RackContext,
): Promise<AsyncDisposable> {
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
  stack.use(
    await ControlServer.start(
      rack.machines.map((machine) => new ControlledSimulatedMachine(machine)),
      socket,
    ),
  );
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
