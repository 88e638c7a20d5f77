import { Machine } from '../../../api/capi/v1beta2/machine.ts';
import { Node } from '../../../api/core/node.ts';
import { TinkerbellMachine } from '../../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { Workflow } from '../../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../../kube/client/client.ts';
import type { MachineFacts } from './machine-view.ts';

/** Reads what is stored about the machines of a namespace; a new cluster that does not answer has no nodes. */
export async function readMachineFacts(
  management: Client,
  cluster: Client | undefined,
  { namespace, signal }: { namespace: string; signal?: AbortSignal | undefined },
): Promise<MachineFacts> {
  const where = { namespace, ...(signal ? { signal } : {}) };
  const [machines, infrastructure, workflows, nodes] = await Promise.all([
    management.list(Machine, where),
    management.list(TinkerbellMachine, where),
    management.list(Workflow, where),
    nodesOf(cluster, signal),
  ]);
  return { machines: machines.items, infrastructure: infrastructure.items, workflows: workflows.items, nodes };
}

async function nodesOf(cluster: Client | undefined, signal: AbortSignal | undefined): Promise<Node[]> {
  if (cluster === undefined) return [];
  const patience = AbortSignal.timeout(3_000);
  try {
    const either = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    return (await cluster.list(Node, { signal: either })).items;
  } catch {
    // It boots, or is busy: the next look may see it.
    return [];
  }
}
