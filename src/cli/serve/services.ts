import { readFileSync } from 'node:fs';
import { Cluster } from '../../api/capi/v1beta2/cluster.ts';
import { Machine } from '../../api/capi/v1beta2/machine.ts';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { addBmcService } from '../../bmc/reconcile/bmc-service.ts';
import type { Manager, OtherServer } from '../../kube/manager/manager.ts';
import type { RequiredKind } from '../../kube/manager/preflight.ts';
import { addWorkflowService } from '../../workflow/workflow-service.ts';
import type { ServeFlags } from './flags.ts';
import { addMetadata } from './metadata.ts';
import { addNetboot } from './netboot.ts';
import { addProvider } from './provider.ts';
import type { ServiceName } from './service-names.ts';

/** How `capt serve` runs a service. */
export interface Service {
  /** API groups whose CRDs must be there. */
  readonly groups: readonly string[];
  /** Those of them that may be in another cluster. */
  readonly elsewhere?: readonly string[];
  /** Further kinds that must be there. */
  readonly kinds?: readonly RequiredKind[];
  add(manager: Manager, flags: ServeFlags, external?: OtherServer): void;
}

export const services: Record<ServiceName, Service> = {
  provider: {
    groups: ['infrastructure.cluster.x-k8s.io', 'tinkerbell.org', 'bmc.tinkerbell.org'],
    elsewhere: ['tinkerbell.org', 'bmc.tinkerbell.org'],
    kinds: [Cluster, Machine],
    add: addProvider,
  },
  workflow: {
    groups: ['tinkerbell.org', 'bmc.tinkerbell.org'],
    add: (manager, flags) => {
      const tls = servingCertificate(flags);
      addWorkflowService(manager, {
        ...(flags.backendKubeNamespace === undefined ? {} : { namespace: flags.backendKubeNamespace }),
        concurrency: flags.tinkControllerMaxConcurrentReconciles,
        referenceRules: {
          allow: flags.tinkControllerReferenceAllowListRules,
          deny: flags.tinkControllerReferenceDenyListRules,
        },
        agentApi: {
          host: flags.tinkServerBindAddr ?? flags.bindAddress,
          port: flags.tinkServerBindPort,
          ...(tls === undefined ? {} : { tls }),
        },
      });
    },
  },
  bmc: {
    groups: ['tinkerbell.org', 'bmc.tinkerbell.org'],
    add: (manager, flags) => {
      const concurrency = flags.rufioMaxConcurrentReconciles;
      addBmcService(manager, {
        ...(flags.backendKubeNamespace === undefined ? {} : { namespace: flags.backendKubeNamespace }),
        machineConcurrency: concurrency,
        jobConcurrency: concurrency,
        taskConcurrency: concurrency,
        powerCheckSeconds: flags.rufioPowerCheckInterval,
        inventoryRefreshSeconds: flags.rufioInventoryRefreshInterval,
        collectInventory: flags.rufioEnableInventoryCollection,
        connectTimeoutSeconds: flags.rufioBmcConnectTimeout,
        allowCrossNamespaceSecrets: flags.rufioCrossNamespaceSecrets,
      });
    },
  },
  netboot: { groups: ['tinkerbell.org'], add: addNetboot },
  metadata: { groups: ['tinkerbell.org'], add: addMetadata },
};

interface ServingFiles {
  cert: string;
  key: string;
  clientCa?: string;
}

/** @throws CaptError SERVING_CERTIFICATE_UNUSABLE when one of the files is missing beside the others, or cannot be read */
function servingCertificate({ tlsCertFile, tlsKeyFile, tlsClientCaFile }: ServeFlags): ServingFiles | undefined {
  if (tlsCertFile === undefined && tlsKeyFile === undefined && tlsClientCaFile === undefined) return undefined;
  const files = `${tlsCertFile ?? '(no --tls-cert-file)'} and ${tlsKeyFile ?? '(no --tls-key-file)'}`;
  if (tlsCertFile === undefined || tlsKeyFile === undefined) {
    throw new CaptError('SERVING_CERTIFICATE_UNUSABLE', { files, cause: 'a certificate and its key belong together' });
  }
  try {
    const pair = { cert: readFileSync(tlsCertFile, 'utf8'), key: readFileSync(tlsKeyFile, 'utf8') };
    return tlsClientCaFile === undefined ? pair : { ...pair, clientCa: readFileSync(tlsClientCaFile, 'utf8') };
  } catch (cause) {
    throw new CaptError('SERVING_CERTIFICATE_UNUSABLE', { files, cause: messageOf(cause) }, { cause });
  }
}
