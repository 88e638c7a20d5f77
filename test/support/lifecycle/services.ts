import { addBmcService, type BmcServiceOptions } from '../../../src/bmc/reconcile/bmc-service.ts';
import type { Client } from '../../../src/kube/client/client.ts';
import { Manager } from '../../../src/kube/manager/manager.ts';
import { builtInTemplates } from '../../../src/provider/os-template/built-in.ts';
import { addProviderService, type ProviderServiceOptions } from '../../../src/provider/provider-service.ts';
import { renderText } from '../../../src/workflow/template/render-workflow.ts';
import { addWorkflowService } from '../../../src/workflow/workflow-service.ts';
import { eventually } from '../../faults/eventually.ts';

/** What a suite sets besides what all of them share. */
export interface ServiceTimes {
  provider?: Partial<ProviderServiceOptions>;
  bmc?: Partial<BmcServiceOptions>;
}

/** BMCs on the loopback answer at once and machines are quick. */
const hastyBmc = {
  holdSeconds: 1,
  holdReadSeconds: 0.05,
  readBackSeconds: 0.1,
  settleSeconds: 3,
  unansweredSeconds: 1,
  restartWatchSeconds: 0.5,
  connectTimeoutSeconds: 5,
  callTimeoutSeconds: 5,
  retrySeconds: 0.2,
  breakerSeconds: 1,
  breakerMaxSeconds: 2,
  breakerTaskMaxSeconds: 1,
  sessionsPerMinute: 6000,
  sessionBurst: 100,
  missingRetrySeconds: 0.5,
};

export interface InProcessServices {
  readonly agentPort: number | undefined;
  stop(): Promise<void>;
}

/** Runs the services that a lifecycle needs, in this process, on one namespace. */
export async function startServices(
  client: Client,
  namespace: string,
  { provider, bmc }: ServiceTimes = {},
): Promise<InProcessServices> {
  const stop = new AbortController();
  const manager = new Manager(client.with({ userAgent: 'capt', fieldManager: 'capt' }), { gracefulShutdownSeconds: 5 });
  addProviderService(manager, {
    namespace,
    builtInTemplate: builtInTemplates({ renderText, metadataUrls: ['http://192.0.2.1:7080'] }),
    powerOffRetrySeconds: 0.5,
    retrySeconds: 0.2,
    ...provider,
  });
  addBmcService(manager, { namespace, ...hastyBmc, ...bmc });
  const server = addWorkflowService(manager, { namespace, agentApi: { host: '127.0.0.1', port: 0 } });
  const running = manager.run(stop.signal);
  running.catch(() => {});
  await Promise.race([
    running,
    eventually(() => {
      if (server.port === undefined) throw new Error('the agent API does not listen');
    }),
  ]);
  return {
    get agentPort() {
      return server.port;
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}
