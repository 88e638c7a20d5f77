import type { Machine } from '../../../api/capi/v1beta2/machine.ts';
import type { Node } from '../../../api/core/node.ts';
import type { TinkerbellMachine } from '../../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { Condition } from '../../../api/meta/condition.ts';
import type { Workflow } from '../../../api/tinkerbell/v1alpha1/workflow.ts';
import { stateOf } from '../../../api/tinkerbell/v1alpha1/workflow-state.ts';
import { describeAmounts } from './amounts.ts';

/** What is stored about the machines of a cluster at a moment. */
export interface MachineFacts {
  machines: readonly Machine[];
  infrastructure: readonly TinkerbellMachine[];
  workflows: readonly Workflow[];
  /** Of the new cluster; none while it cannot be asked. */
  nodes: readonly Node[];
}

/** One machine as a person follows it. */
export interface MachineView {
  name: string;
  role: 'control plane' | 'worker';
  /** The Hardware it has. */
  host?: string;
  /** What it does or waits for. */
  step: string;
  /** How far the step is, in numbers that change all the time. */
  amounts?: string;
  /** 0 to 100, of the step. */
  percent?: number;
  /** It has its node, the node is ready, and Cluster API says that it runs. */
  running: boolean;
}

/** One view a machine, control planes first. */
export function machineViews(facts: MachineFacts): MachineView[] {
  return facts.machines
    .map((machine) => viewOf(machine, facts))
    .sort((a, b) => a.role.localeCompare(b.role) || a.name.localeCompare(b.name));
}

function viewOf(machine: Machine, facts: MachineFacts): MachineView {
  const { name = '', labels = {} } = machine.metadata;
  const reference = machine.spec?.infrastructureRef.name;
  const infra = facts.infrastructure.find(({ metadata }) => metadata.name === reference);
  const host = infra?.spec?.hardwareName;
  const step = stepOf(machine, infra, facts);
  return {
    name,
    role: labels['cluster.x-k8s.io/control-plane'] === undefined ? 'worker' : 'control plane',
    ...(host ? { host } : {}),
    ...{ running: false, ...step },
  };
}

type Step = Pick<MachineView, 'step' | 'amounts' | 'percent'> & { running?: boolean };

function stepOf(machine: Machine, infra: TinkerbellMachine | undefined, facts: MachineFacts): Step {
  if (machine.metadata.deletionTimestamp !== undefined) return deletionStep(machine, infra, facts);
  if (infra?.status?.initialization?.provisioned) return nodeStep(machine, facts.nodes);
  if (machine.spec?.bootstrap.dataSecretName === undefined) {
    const why = messageOf(machine.status?.conditions, 'BootstrapConfigReady');
    return { step: `waits for its bootstrap data${why === '' ? '' : `: ${why}`}` };
  }
  if (infra === undefined) return { step: 'waits for its TinkerbellMachine' };
  const workflow = newestWorkflow(infra, facts.workflows);
  if (workflow === undefined) {
    const why = messageOf(infra.status?.conditions, 'Ready');
    return { step: why === '' ? 'looks for a host' : why };
  }
  return workflowStep(workflow, 'to install it');
}

function deletionStep(machine: Machine, infra: TinkerbellMachine | undefined, facts: MachineFacts): Step {
  if (infra?.metadata.deletionTimestamp !== undefined) {
    const workflow = newestWorkflow(infra, facts.workflows);
    if (workflow !== undefined && stateOf(workflow.status?.state) !== 'SUCCESS') {
      const { step, ...rest } = workflowStep(workflow, 'to wipe it');
      return { step: `is given back: ${step}`, ...rest };
    }
  }
  const why = messageOf(infra?.status?.conditions, 'Ready') || messageOf(machine.status?.conditions, 'Deleting');
  return { step: `is given back${why === '' ? '' : `: ${why}`}` };
}

function newestWorkflow(infra: TinkerbellMachine, workflows: readonly Workflow[]): Workflow | undefined {
  const { hardwareName } = infra.spec ?? {};
  const created = ({ metadata }: Workflow) => metadata.creationTimestamp ?? '';
  return workflows
    .filter(({ spec, metadata }) => spec?.hardwareRef === hardwareName && metadata.deletionTimestamp === undefined)
    .sort((a, b) => created(a).localeCompare(created(b)))
    .at(-1);
}

function workflowStep({ status }: Workflow, purpose: string): Step {
  switch (stateOf(status?.state)) {
    case '':
      return { step: 'its workflow is about to begin' };
    case 'PREPARING': {
      const failed = status?.conditions?.find(
        ({ type, status: is }) => /^BootJob.*Failed$/.test(type) && is === 'True',
      );
      const tail = failed === undefined ? '' : `: ${failed.message ?? failed.type}`;
      return { step: `its BMC is told to boot it from the network${tail}` };
    }
    case 'PENDING':
      return { step: `boots the installer ${purpose}` };
    case 'RUNNING':
      return actionStep(status);
    case 'POST':
    case 'SUCCESS':
      return { step: 'its actions are done' };
    case 'FAILED':
    case 'TIMEOUT': {
      const actions = (status?.tasks ?? []).flatMap(({ actions }) => actions);
      const culprit = actions.find(({ state }) => state === 'FAILED' || state === 'TIMEOUT');
      const why = culprit === undefined ? '' : `: ${culprit.name}: ${culprit.message ?? culprit.state}`;
      return { step: `its workflow has failed${oneLine(why)}` };
    }
  }
}

function actionStep(status: Workflow['status']): Step {
  const actions = (status?.tasks ?? []).flatMap(({ actions }) => actions);
  const current = status?.currentState?.actionID;
  const index = actions.findIndex(({ id }) => id === current);
  const action = actions[index];
  if (action === undefined) return { step: 'its actions run' };
  const step = `${action.name ?? 'an action'} (${index + 1} of ${actions.length})`;
  const { progress } = status ?? {};
  if (progress === undefined || progress.actionID !== current) return { step };
  const amounts = describeAmounts(progress);
  return {
    step,
    ...(amounts === '' ? {} : { amounts }),
    ...(progress.percent === undefined ? {} : { percent: progress.percent }),
  };
}

function nodeStep(machine: Machine, nodes: readonly Node[]): Step {
  const { providerID } = machine.spec ?? {};
  const reference = machine.status?.nodeRef?.name;
  const node = nodes.find(({ metadata, spec }) => metadata.name === reference || spec?.providerID === providerID);
  if (node === undefined) {
    const step =
      reference === undefined
        ? 'is installed; boots its operating system, and kubeadm makes it a node'
        : `is node ${reference}, as Cluster API has seen; its cluster does not answer now`;
    return { step };
  }
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const { name } = node.metadata;
  if (ready?.status !== 'True') {
    return { step: `is node ${name}, not ready yet${ready?.message ? `: ${oneLine(ready.message)}` : ''}` };
  }
  if (reference === undefined) return { step: `is node ${name}; Cluster API has not seen it yet` };
  if (machine.status?.phase !== 'Running')
    return { step: `is node ${name}; Cluster API says ${machine.status?.phase}` };
  return { step: `runs as node ${name}`, running: true };
}

function messageOf(conditions: readonly Condition[] | undefined, type: string): string {
  const condition = conditions?.find((each) => each.type === type);
  return condition?.status === 'True' ? '' : oneLine(condition?.message ?? '');
}

/** Messages come from everywhere; they stand in one line of a terminal. Of lists, which Cluster API makes, the first. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.startsWith('* ') ? (line.slice(2).split(' * ')[0] ?? '') : line;
}
