import { readFileSync } from 'node:fs';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { addBmcService } from '../../bmc/reconcile/bmc-service.ts';
import type { Manager } from '../../kube/manager/manager.ts';
import { addWorkflowService } from '../../workflow/workflow-service.ts';
import type { ServeFlags } from './flags.ts';
import { addMetadata } from './metadata.ts';
import { addNetboot } from './netboot.ts';
import type { ServiceName } from './service-names.ts';

/** How `capt serve` runs a service. */
export interface Service {
  /** API groups whose CRDs must be there. */
  readonly groups: readonly string[];
  add(manager: Manager, flags: ServeFlags): void;
}

export const services: Record<ServiceName, Service> = {
  workflow: {
    groups: ['tinkerbell.org', 'bmc.tinkerbell.org'],
    add: (manager, flags) => {
      const tls = servingCertificate(flags);
      addWorkflowService(manager, {
        ...(flags.backendKubeNamespace === undefined ? {} : { namespace: flags.backendKubeNamespace }),
        concurrency: flags.tinkControllerMaxConcurrentReconciles,
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

/** @throws CaptError SERVING_CERTIFICATE_UNUSABLE when only one of the two files is named, or one cannot be read */
function servingCertificate({ tlsCertFile, tlsKeyFile }: ServeFlags): { cert: string; key: string } | undefined {
  if (tlsCertFile === undefined && tlsKeyFile === undefined) return undefined;
  const files = `${tlsCertFile ?? '(no --tls-cert-file)'} and ${tlsKeyFile ?? '(no --tls-key-file)'}`;
  if (tlsCertFile === undefined || tlsKeyFile === undefined) {
    throw new CaptError('SERVING_CERTIFICATE_UNUSABLE', { files, cause: 'a certificate and its key belong together' });
  }
  try {
    return { cert: readFileSync(tlsCertFile, 'utf8'), key: readFileSync(tlsKeyFile, 'utf8') };
  } catch (cause) {
    throw new CaptError('SERVING_CERTIFICATE_UNUSABLE', { files, cause: messageOf(cause) }, { cause });
  }
}
