import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { isFinal, stateOf } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';

/** Name of the index of a cache of Workflows that the agent API asks. */
export const agentIndex = 'agentID';

/**
 * The agents that a Workflow still concerns: whose turn it is by its status, and those of all tasks, so that the next one
 * hears at once that its turn has come. None when it has ended: an agent's past may be long.
 */
export function agentsOf({ status = {} }: Workflow): string[] {
  if (isFinal(stateOf(status.state))) return [];
  const agents = [status.agentID, ...(status.tasks ?? []).map(({ agentID }) => agentID)];
  return [...new Set(agents.filter((agent) => agent !== undefined && agent !== ''))] as string[];
}

/** For `manager.cache(Workflow, { indexes: workflowIndexes })`. */
export const workflowIndexes = { [agentIndex]: agentsOf };
