import { Machine } from '../../../api/capi/v1beta2/machine.ts';
import { Node } from '../../../api/core/node.ts';
import { TinkerbellMachine } from '../../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { Workflow } from '../../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../../kube/client/client.ts';
import type { MachineFacts } from './machine-view.ts';

export interface ReadOptions {
  namespace: string;
  /** What was seen before: the nodes of a cluster that does not answer now. */
  before?: MachineFacts | undefined;
  signal?: AbortSignal | undefined;
}

/** Reads what is stored about the machines of a namespace. */
export async function readMachineFacts(
  management: Client,
  cluster: Client | undefined,
  { namespace, before, signal }: ReadOptions,
): Promise<MachineFacts> {
  const where = { namespace, ...(signal ? { signal } : {}) };
  const [machines, infrastructure, workflows, nodes] = await Promise.all([
    management.list(Machine, where),
    management.list(TinkerbellMachine, where),
    management.list(Workflow, where),
    nodesOf(cluster, before?.nodes ?? [], signal),
  ]);
  return { machines: machines.items, infrastructure: infrastructure.items, workflows: workflows.items, nodes };
}

async function nodesOf(
  cluster: Client | undefined,
  before: readonly Node[],
  signal: AbortSignal | undefined,
): Promise<readonly Node[]> {
  if (cluster === undefined) return before;
  const patience = AbortSignal.timeout(3_000);
  try {
    const either = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    return (await cluster.list(Node, { signal: either })).items;
  } catch {
    // It boots, or is busy: the next look may see more.
    return before;
  }
}
