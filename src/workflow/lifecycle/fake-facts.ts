import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { WorkflowSpec } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { ReferencesRead } from '../references/read-references.ts';
import type { Facts } from './facts.ts';
import type { RenderOutcome } from './render.ts';

/** When the world of the fakes begins. */
export const startMs = Date.UTC(2026, 0, 1);

export interface FakeWorld {
  name?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec?: WorkflowSpec;
  status?: WorkflowStatus;
  hardware?: Hardware;
  outcome?: RenderOutcome;
  references?: ReferencesRead;
  nowMs?: number;
}

/** Facts about one Workflow `wf` of a Template that renders, for tests of decisions. */
export function fakeFacts(world: FakeWorld): Facts {
  const { name = 'wf', labels = {}, annotations = {}, spec = {}, status, hardware, nowMs = startMs } = world;
  const rendered = { globalTimeoutSeconds: 600, tasks: [{ name: 'one', agentID: 'agent-1', actions: [] }] };
  const apiVersion = 'tinkerbell.org/v1alpha1';
  return {
    workflow: {
      apiVersion,
      kind: 'Workflow',
      metadata: { namespace: 'ns', name, uid: 'wf-uid', labels, annotations },
      spec: { templateRef: 'tpl', hardwareRef: hardware?.metadata.name ?? '', ...spec },
      ...(status ? { status } : {}),
    },
    template: { apiVersion, kind: 'Template', metadata: { namespace: 'ns', name: 'tpl' } },
    hardware,
    references: world.references,
    referenceRetry: { minSeconds: 2, maxSeconds: 60 },
    job: () => undefined,
    madeJob: () => undefined,
    render: () => world.outcome ?? { rendered },
    renderBootText: (text) => ({ text }),
    nowMs,
    actionGraceSeconds: 30,
    sinceMs: startMs,
    comebackSeconds: 20,
  };
}
