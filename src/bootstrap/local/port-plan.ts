import { chooseFreePort, requireFreePort } from './ports.ts';
import type { ControlPlanePorts } from './specs.ts';
import type { ControlPlaneState } from './state.ts';

/** Port of the API server where nobody says another. */
export const defaultPort = 6443;

export interface PortPlanOptions {
  listenAddress: string;
  /** As the user asked: 0 for any, `undefined` for the one of last time. */
  requested: number | undefined;
  /** Ports of an earlier run, kept when they are free: clients and certificates of that time go on working. */
  previous:
    | Partial<Pick<ControlPlaneState, 'port' | 'etcdClientPort' | 'etcdPeerPort' | 'controllerManagerPort'>>
    | undefined;
}

/** Chooses all ports. Throws `PORT_IN_USE` or `LISTEN_FAILED` for the one that is not ours to choose. */
export async function planPorts({ listenAddress, requested, previous }: PortPlanOptions): Promise<ControlPlanePorts> {
  const taken: number[] = [];
  const choose = async (address: string, preferred: number | undefined): Promise<number> => {
    const port = await chooseFreePort(address, { preferred, taken });
    taken.push(port);
    return port;
  };
  const fixed = requested === 0 ? undefined : (requested ?? previous?.port ?? defaultPort);
  if (fixed !== undefined) {
    await requireFreePort(listenAddress, fixed, '--port');
    taken.push(fixed);
  }
  return {
    api: fixed ?? (await choose(listenAddress, undefined)),
    etcdClient: await choose('127.0.0.1', previous?.etcdClientPort),
    etcdPeer: await choose('127.0.0.1', previous?.etcdPeerPort),
    controllerManager: await choose('127.0.0.1', previous?.controllerManagerPort),
  };
}
