import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { KubeEventRecorder } from '../../kube/events/kube-event-recorder.ts';
import type { Manager } from '../../kube/manager/manager.ts';
import { HardwareIndex, hardwareIndexes } from '../hardware/hardware-index.ts';
import { HardwareEvents } from './hardware-events.ts';
import { DhcpServer } from './server/dhcp-server.ts';
import { checkSettings, type DhcpSettings } from './settings.ts';

export interface DhcpServiceOptions extends DhcpSettings {
  /** Namespace of the Hardware. Default: all. */
  namespace?: string;
  /** Default 67. */
  port?: number;
  /** Where a proxy answers as PXE boot server. Default 4011. */
  bootServerPort?: number;
}

/**
 * Adds a DHCP server for the machines that have a Hardware. It runs on every replica; all say the same.
 * @throws CaptError DHCP_OPTIONS_INVALID with everything that is wrong
 */
export function addDhcpService(manager: Manager, options: DhcpServiceOptions): DhcpServer {
  const { decide, bindAddress, bindInterface } = checkSettings(options);
  const { namespace, port, bootServerPort } = options;
  const cache = manager.cache(Hardware, {
    ...(namespace === undefined ? {} : { selection: { namespace } }),
    indexes: hardwareIndexes,
  });
  const recorder = new KubeEventRecorder(manager.client, { controller: 'capt.tinkerbell.org/dhcp' });
  const events = new HardwareEvents(recorder);
  const server = new DhcpServer({
    ...decide,
    cache,
    index: new HardwareIndex(cache),
    onExchange: (exchange) => events.tell(exchange),
    endpoint: { address: bindAddress, ...(bindInterface === undefined ? {} : { device: bindInterface }) },
    ...(port === undefined ? {} : { port }),
    ...(bootServerPort === undefined ? {} : { bootServerPort }),
  });
  manager.addService(recorder);
  manager.addService(server);
  return server;
}
