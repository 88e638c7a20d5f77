import { Workflow } from '../api/tinkerbell/v1alpha1/workflow.ts';
import type { Manager } from '../kube/manager/manager.ts';
import { KeyedMutex } from '../kube/queue/keyed-mutex.ts';
import { AgentApiServer, type AgentApiServerOptions } from './agent-api/agent-api-server.ts';
import { workflowIndexes } from './agent-api/agent-index.ts';
import { addWorkflowController, type WorkflowControllerOptions } from './lifecycle/workflow-controller.ts';
import { renderBootOption, renderWorkflow } from './template/render-workflow.ts';

export interface WorkflowServiceOptions
  extends Pick<WorkflowControllerOptions, 'namespace' | 'concurrency' | 'actionGraceSeconds'> {
  /** Where agents are served. */
  agentApi?: Omit<AgentApiServerOptions, 'cache' | 'client' | 'mutex'>;
}

/** Adds everything that takes Workflows from a Template to the end: the controller, and the API that agents ask. */
export function addWorkflowService(manager: Manager, options: WorkflowServiceOptions = {}): AgentApiServer {
  const { agentApi = {}, ...controller } = options;
  // Both write the status of Workflows: one after the other, they need no retries.
  const mutex = new KeyedMutex();
  addWorkflowController(manager, {
    ...controller,
    render: ({ spec }, template, hardware) =>
      renderWorkflow(template.spec?.data ?? '', { hardwareMap: spec?.hardwareMap ?? {}, hardware: hardware ?? {} }),
    renderBootText: (text, hardware) => renderBootOption(text, hardware.spec),
    exclusively: (key, work) => mutex.run(key, work),
  });
  const within = options.namespace === undefined ? {} : { selection: { namespace: options.namespace } };
  const cache = manager.cache(Workflow, { ...within, indexes: workflowIndexes });
  const server = new AgentApiServer({ ...agentApi, cache, client: manager.leaderClient, mutex });
  manager.addService(server);
  return server;
}
