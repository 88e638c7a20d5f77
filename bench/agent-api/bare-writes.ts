import type { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { applyReport } from '../../src/workflow/agent-api/apply-report.ts';
import { writeStatus } from '../../src/workflow/agent-api/write-status.ts';
import { createRendered } from '../../test/support/agent-api-rig.ts';

/**
 * What the API server needs for the writes alone: so many writers record the start and the end of each action (each end in
 * one with the start that follows, if `joined`), without agents and without a service. @returns the seconds that each took
 */
export async function bareWrites(
  client: Client,
  namespace: string,
  writers: number,
  actions: number,
  joined: boolean,
  prefix: string,
): Promise<number[]> {
  const pending = [Array(actions).fill('PENDING') as string[]];
  const names = Array.from({ length: writers }, (_, index) => `${prefix}-${index}`);
  const workflows: Workflow[] = [];
  for (const name of names) {
    workflows.push(await createRendered(client, { namespace, name, agents: [name], actions: pending }));
  }
  return await Promise.all(workflows.map((workflow) => writeAll(client, workflow, joined)));
}

async function writeAll(client: Client, first: Workflow, joined: boolean): Promise<number> {
  const { name = '' } = first.metadata;
  const started = performance.now();
  let workflow = first;
  for (const { id: actionId } of first.status?.tasks?.[0]?.actions ?? []) {
    for (const state of ['RUNNING', 'SUCCESS'] as const) {
      if (joined && state === 'RUNNING' && workflow !== first) continue;
      const report = { agentId: name, actionId, state, repeatsStart: true, beginsNext: joined };
      const outcome = applyReport(workflow, report, Date.now());
      if (outcome.kind !== 'record') throw new Error(`${outcome.kind}: ${outcome.reason}`);
      workflow = await writeStatus(client, workflow, outcome.changes);
    }
  }
  return (performance.now() - started) / 1000;
}
