import { Workflow } from '../api/tinkerbell/v1alpha1/workflow.ts';
import type { Manager } from '../kube/manager/manager.ts';
import { KeyedMutex } from '../kube/queue/keyed-mutex.ts';
import { AgentApiServer, type AgentApiServerOptions } from './agent-api/agent-api-server.ts';
import { workflowIndexes } from './agent-api/agent-index.ts';
import { addWorkflowController, type WorkflowControllerOptions } from './lifecycle/workflow-controller.ts';
import { referenceRules } from './references/reference-rules.ts';
import { renderBootOption, renderWorkflow } from './template/render-workflow.ts';

export interface WorkflowServiceOptions
  extends Pick<WorkflowControllerOptions, 'namespace' | 'concurrency' | 'actionGraceSeconds'> {
  /** Texts of the rules about `spec.references` of Hardware. Default: none, and so nothing is read. */
  referenceRules?: { allow?: readonly string[]; deny?: readonly string[] };
  /** Where agents are served. */
  agentApi?: Omit<AgentApiServerOptions, 'cache' | 'client' | 'mutex'>;
}

/**
 * Adds everything that takes Workflows from a Template to the end: the controller, and the API that agents ask.
 * @throws CaptError REFERENCE_RULE_INVALID
 */
export function addWorkflowService(manager: Manager, options: WorkflowServiceOptions = {}): AgentApiServer {
  const { agentApi = {}, referenceRules: rules = {}, ...controller } = options;
  // Both write the status of Workflows: one after the other, they need no retries.
  const mutex = new KeyedMutex();
  addWorkflowController(manager, {
    ...controller,
    referenceRules: referenceRules(rules),
    render: ({ spec }, template, hardware, references) =>
      renderWorkflow(template.spec?.data ?? '', {
        hardwareMap: spec?.hardwareMap ?? {},
        hardware: hardware ?? {},
        references,
      }),
    renderBootText: (text, hardware) => renderBootOption(text, hardware.spec),
    exclusively: (key, work) => mutex.run(key, work),
  });
  const within = options.namespace === undefined ? {} : { selection: { namespace: options.namespace } };
  const cache = manager.cache(Workflow, { ...within, indexes: workflowIndexes });
  const server = new AgentApiServer({ ...agentApi, cache, client: manager.leaderClient, mutex });
  manager.addService(server);
  return server;
}
