import { Machine as BmcMachine } from '../../api/bmc/v1alpha1/machine.ts';
import { Machine } from '../../api/capi/v1beta2/machine.ts';
import { CaptError } from '../../api/errors/capt-error.ts';
import { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { isReason } from '../../kube/client/errors.ts';
import { candidatesOf } from '../../provider/claim/candidates.ts';
import type { Candidate } from '../../provider/claim/predicate.ts';
import { explainHardware } from '../../provider/explain/explain-hardware.ts';
import { explainMachine } from '../../provider/explain/explain-machine.ts';
import { type ClusterContext, type ClusterFlags, withCluster } from '../hardware/context.ts';
import { hardwareLines, machineLines } from './text.ts';

export interface ExplainFlags extends ClusterFlags {
  output: 'text' | 'json';
  /** Of the cluster that has the hosts, where it is another one than the machine's. */
  externalKubeconfig?: string;
}

/** `capt explain machine` */
export async function explainOneMachine(name: string, flags: ExplainFlags): Promise<void> {
  await withCluster(flags, async (context) => {
    const machine = await findMachine(context, name);
    const candidates = machine.spec?.hardwareName ? [] : await hostsFor(context, flags);
    const explained = explainMachine(machine, candidates);
    print(flags, explained, () => machineLines(explained, new Date()));
  });
}

/** `capt explain hardware` */
export async function explainOneHardware(name: string, flags: ExplainFlags): Promise<void> {
  await withCluster(flags, async (context) => {
    const { namespace } = context;
    const candidates = await allCandidates(context, namespace);
    const found = candidates.find(({ hardware }) => hardware.metadata.name === name);
    if (found === undefined) throw notFound('Hardware', namespace, name);
    const explained = explainHardware(found);
    print(flags, explained, () => hardwareLines(explained, new Date()));
  });
}

/** The TinkerbellMachine of that name, or that of the Machine of that name. */
async function findMachine({ client, namespace, signal }: ClusterContext, name: string): Promise<TinkerbellMachine> {
  const own = await client.find(TinkerbellMachine, { namespace, name }, { signal });
  if (own !== undefined) return own;
  const machine = await client.find(Machine, { namespace, name }, { signal }).catch((error: unknown) => {
    // Without Cluster API there are no Machines at all.
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  });
  const reference = machine?.spec?.infrastructureRef.name;
  const behind = reference && (await client.find(TinkerbellMachine, { namespace, name: reference }, { signal }));
  if (!behind) throw notFound('TinkerbellMachine or Machine', namespace, name);
  return behind;
}

function hostsFor(context: ClusterContext, { externalKubeconfig }: ExplainFlags): Promise<Candidate[]> {
  if (externalKubeconfig === undefined) return allCandidates(context);
  return withCluster({ kubeconfig: externalKubeconfig }, (there) => allCandidates(there));
}

async function allCandidates({ client, signal }: ClusterContext, namespace?: string) {
  const where = { signal, ...(namespace === undefined ? {} : { namespace }) };
  const [hardware, bmcs, workflows] = await Promise.all([
    client.list(Hardware, where),
    client.list(BmcMachine, where),
    client.list(Workflow, where),
  ]);
  return candidatesOf(hardware.items, bmcs.items, workflows.items);
}

function print(flags: ExplainFlags, explained: object, lines: () => string[]): void {
  const text = flags.output === 'json' ? JSON.stringify(explained, undefined, 2) : lines().join('\n');
  process.stdout.write(`${text}\n`);
}

function notFound(kind: string, namespace: string, name: string): CaptError {
  return new CaptError('OBJECT_NOT_FOUND', { kind, namespace, name });
}
