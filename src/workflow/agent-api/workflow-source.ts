import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Cache } from '../../kube/cache/cache.ts';

/** What the agent API needs of a cache of Workflows, which has the indexes `workflowIndexes`. */
export type WorkflowSource = Pick<Cache<Workflow>, 'get' | 'byIndex' | 'subscribe'>;

/** One that fills by itself. */
export type SyncedWorkflowSource = WorkflowSource & Pick<Cache<Workflow>, 'synced' | 'hasSynced'>;
