import type { Manager, OtherServer } from '../../kube/manager/manager.ts';
import { builtInTemplates } from '../../provider/os-template/built-in.ts';
import { addProviderService } from '../../provider/provider-service.ts';
import { renderText } from '../../workflow/template/render-workflow.ts';
import type { ServeFlags } from './flags.ts';
import { publicAddress } from './public-address.ts';
import { addWebhooks } from './webhooks.ts';

/** Adds the Cluster API provider to what `capt serve` runs. */
export function addProvider(manager: Manager, flags: ServeFlags, external?: OtherServer): void {
  const { metadataUrl, osTemplateDirectory, backendKubeNamespace, watchFilter, externalWatchNamespace } = flags;
  addWebhooks(manager, flags);
  const metadataUrls = metadataUrl.length > 0 ? metadataUrl : [`http://${publicAddress(flags)}:${flags.httpPort}`];
  addProviderService(manager, {
    ...(backendKubeNamespace === undefined ? {} : { namespace: backendKubeNamespace }),
    ...(watchFilter === undefined ? {} : { watchFilter }),
    ...(external === undefined
      ? {}
      : {
          tinkerbell: {
            ...external,
            ...(externalWatchNamespace === undefined ? {} : { namespace: externalWatchNamespace }),
          },
        }),
    builtInTemplate: builtInTemplates({
      renderText,
      metadataUrls,
      actionRegistry: flags.actionRegistry,
      ...(osTemplateDirectory === undefined ? {} : { directory: osTemplateDirectory }),
    }),
    machineConcurrency: flags.tinkerbellmachineConcurrency,
    clusterConcurrency: flags.tinkerbellclusterConcurrency,
    resyncSeconds: flags.syncPeriod,
    maxAttempts: flags.provisionAttempts,
    retrySeconds: flags.provisionRetryInterval,
    agentWaitLimitSeconds: flags.provisionAgentWaitLimit,
    releaseTimeoutSeconds: flags.releaseTimeout,
    wipe: flags.wipe,
    wipeImage: flags.wipeImage,
  });
}
