import type { ProcessSpec } from '../process/supervised.ts';
import { dialAddress } from './endpoint.ts';
import { etcdFlags } from './flags/etcd.ts';
import { apiServerFlags } from './flags/kube-apiserver.ts';
import { controllerManagerFlags } from './flags/kube-controller-manager.ts';
import { type Layout, logFileOf } from './layout.ts';
import type { Pki } from './pki/pki.ts';
import { type ProbeTarget, probe } from './probe.ts';
import type { Programs } from './programs.ts';

export interface SpecOptions {
  layout: Layout;
  programs: Programs;
  pki: Pki;
  listenAddress: string;
  ports: ControlPlanePorts;
  unsafeNoFsync: boolean;
  auditLog?: string | undefined;
  environment: NodeJS.ProcessEnv;
}

export interface ControlPlanePorts {
  api: number;
  etcdClient: number;
  etcdPeer: number;
  controllerManager: number;
}

/** How to start each process of a control plane and how to see that it works, in the order of starting. */
export function controlPlaneSpecs(options: SpecOptions): ProcessSpec[] {
  const { layout, pki, listenAddress, ports, unsafeNoFsync, auditLog } = options;
  const { certificates, authorities } = pki;
  const etcdClient = certificates['apiserver-etcd-client'];
  return [
    spec(
      options,
      'etcd',
      etcdFlags({ layout, clientPort: ports.etcdClient, peerPort: ports.etcdPeer, unsafeNoFsync }),
      {
        host: '127.0.0.1',
        port: ports.etcdClient,
        path: '/health',
        ca: authorities['etcd-ca'].certificate,
        cert: etcdClient.certificate,
        key: etcdClient.key,
      },
    ),
    spec(
      options,
      'kube-apiserver',
      apiServerFlags({ layout, listenAddress, port: ports.api, etcdClientPort: ports.etcdClient, auditLog }),
      { host: dialAddress(listenAddress), port: ports.api, path: '/readyz', ca: authorities.ca.certificate },
    ),
    spec(options, 'kube-controller-manager', controllerManagerFlags({ layout, port: ports.controllerManager }), {
      host: '127.0.0.1',
      port: ports.controllerManager,
      path: '/healthz',
      ca: authorities.ca.certificate,
    }),
  ];
}

function spec(
  { layout, programs, environment }: SpecOptions,
  name: keyof Programs,
  args: string[],
  health: ProbeTarget,
): ProcessSpec {
  return {
    name,
    file: programs[name],
    args,
    environment,
    directory: layout.directory,
    logFile: logFileOf(layout, name),
    isReady: async (signal) => (await probe(health, { signal })).status === 200,
  };
}

/**
 * The whole environment of the processes. Not ours: etcd takes every ETCD_… variable for a flag, and proxies of the user would
 * come between processes on loopback.
 */
export function processEnvironment(parentDeathSignal: number | undefined, ownPid: number): NodeJS.ProcessEnv {
  if (parentDeathSignal === undefined) return {};
  return { CAPT_PARENT_DEATH_SIGNAL: String(parentDeathSignal), CAPT_PARENT_PID: String(ownPid) };
}
