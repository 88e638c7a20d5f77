import type { Manager } from '../../kube/manager/manager.ts';
import { addMetadataService } from '../../metadata/metadata-service.ts';
import type { ServeFlags } from './flags.ts';

/** Adds metadata to what `capt serve` runs. */
export function addMetadata(manager: Manager, flags: ServeFlags): void {
  const instanceEndpoint = flags.tootlesInstanceSecrets ? 'anybody' : 'own-secrets';
  addMetadataService(manager, {
    ...(flags.backendKubeNamespace === undefined ? {} : { namespace: flags.backendKubeNamespace }),
    trustedProxies: flags.trustedProxies,
    instanceEndpoint: flags.tootlesInstanceEndpoint ? instanceEndpoint : 'off',
    morePorts: flags.tootlesMorePorts.map((port) => ({
      host: flags.bindAddress,
      port,
      portOption: '--tootles-more-ports',
    })),
  });
}
