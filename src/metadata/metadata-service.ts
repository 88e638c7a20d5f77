import { Hardware } from '../api/tinkerbell/v1alpha1/hardware.ts';
import { TrustedProxies } from '../kube/http/trusted-proxies.ts';
import type { Manager } from '../kube/manager/manager.ts';
import { type MetadataRoutesOptions, metadataRoutes } from './http/metadata-routes.ts';
import { MetadataServer } from './http/metadata-server.ts';
import { HardwareLookup } from './lookup/hardware-lookup.ts';

export interface MetadataServiceOptions extends Pick<MetadataRoutesOptions, 'instanceEndpoint'> {
  /** Serve the machines of this namespace only. Default: all. */
  readonly namespace?: string;
  /** Networks whose `X-Forwarded-For` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Where metadata is served besides the port of health checks and metrics; the options' names are for messages. */
  readonly morePorts?: readonly { readonly host: string; readonly port: number; readonly portOption: string }[];
}

/**
 * Adds metadata to the HTTP server of the manager: `/2009-04-04/`, `/metadata`, `/nocloud/`, `/ignition`. Works on every
 * replica, from the cache alone.
 * @returns the servers of `morePorts`
 * @throws RangeError when a trusted proxy is no network; TypeError when the manager has no HTTP server
 */
export function addMetadataService(manager: Manager, options: MetadataServiceOptions = {}): MetadataServer[] {
  const { namespace, trustedProxies = [], morePorts = [], instanceEndpoint = 'off' } = options;
  const cache = manager.cache(Hardware, namespace === undefined ? {} : { selection: { namespace } });
  const lookup = new HardwareLookup(cache);
  const routes = metadataRoutes({ lookup, proxies: new TrustedProxies(trustedProxies), instanceEndpoint });
  manager.addRoutes(routes);
  return morePorts.map((port) => {
    const server = new MetadataServer({ ...port, routes });
    manager.addService(server);
    return server;
  });
}
