import type { Action } from '../../api/bmc/v1alpha1/action.ts';
import type { ObjectMeta, ObjectName } from '../../api/meta/object.ts';
import { quarantineLabel, quarantineReasonAnnotation } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { machineNameLabel, machineNamespaceLabel } from '../../api/tinkerbell/v1alpha1/machine-labels.ts';
import type { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { keyOf } from '../../kube/client/path.ts';
import { bootOptionsFor } from '../machine/boot-options.ts';
import type { Facts } from '../machine/facts.ts';
import { nameIn } from '../machine/provision.ts';
import { type Aspect, type Leftover, type Rest, type Step, waitFor } from '../machine/step.ts';
import { endOf } from '../machine/workflow-end.ts';
import { describeWorkflow, failureOf } from '../machine/workflow-text.ts';
import { blockMoveAnnotation, hardwareOfProviderId, machineUidAnnotation } from '../names.ts';
import { jobState, releaseNames, wipePolicyFor } from './release-facts.ts';
import { wipeLimitSeconds, wipeTemplate } from './wipe-template.ts';

/**
 * The next step of giving back the host of a machine that is being deleted: stop the installation, power off, wipe,
 * power off again, clear and unlabel. Needs neither Machine nor Cluster nor Secret nor Template, touches only Hardware
 * whose labels name this machine, and ends in bounded time: what cannot be done puts the host into quarantine.
 */
export function decideRelease(facts: Facts): Step {
  const [hardware] = facts.held;
  const { name } = facts.machine.metadata;
  for (const place of placesOf(facts, name)) {
    const workflow = facts.workflow(place);
    if (workflow !== undefined && isOurs(facts, workflow)) return stop(workflow);
    const template = facts.template(place);
    if (template !== undefined && isOurs(facts, template)) return { kind: 'deleteTemplate', name: place };
  }
  if (hardware === undefined) return { kind: 'removeFinalizer', leftovers: leftoversOf(facts) };
  return givingBack(facts, hardware);
}

function givingBack(facts: Facts, hardware: Hardware): Step {
  const names = releaseNames(hardware.metadata.namespace, facts.machine.metadata.name);
  const bmcName = hardware.spec?.bmcRef?.name;
  const noted = hardware.metadata.labels?.[quarantineLabel] === undefined ? undefined : quarantineReason(hardware);
  // A host that was set aside keeps what is on it for whoever looks into it, but it does not keep power.
  if (bmcName === undefined)
    return { kind: 'release', hardware, ...(noted === undefined ? {} : { quarantine: noted }) };
  if (facts.machine.metadata.annotations?.[blockMoveAnnotation] === undefined) return { kind: 'blockMove' };
  const off = powerOff(facts, hardware, names.powerOff, deadlineMs(facts));
  if (off !== 'off') return off;
  const policy = wipePolicyFor(facts, hardware);
  if (policy === 'None' || noted !== undefined) {
    return { kind: 'release', hardware, ...(noted === undefined ? {} : { quarantine: noted }) };
  }
  const isOff: Aspect = {
    type: 'PoweredOff',
    status: 'True',
    reason: 'PoweredOff',
    message: `Job ${keyOf(names.powerOff)} completed`,
  };
  const wiped = wipe(facts, hardware, names.wipe, policy, isOff);
  if (wiped !== 'wiped') return wiped;
  const offAgain = powerOff(facts, hardware, names.powerOffAgain, deadlineAfterWipeMs(facts, names.wipe, policy));
  return offAgain === 'off' ? { kind: 'release', hardware } : offAgain;
}

function powerOff(facts: Facts, hardware: Hardware, name: ObjectName, endMs: number): Step | 'off' {
  const { options, nowMs } = facts;
  const { namespace } = hardware.metadata;
  const bmcName = hardware.spec?.bmcRef?.name ?? '';
  const waiting = (reason: string, message: string, untilMs?: number) => {
    const aspect: Aspect = { type: 'PoweredOff', status: 'False', reason, message };
    return bounded(facts, hardware, waitFor('Deleting', message, [aspect], untilMs), endMs);
  };
  const state = jobState(facts, name);
  if (state === 'completed') return 'off';
  if (state === 'stale') return { kind: 'deleteJob', name };
  if (facts.bmc(namespace ? { namespace, name: bmcName } : { name: bmcName }) === undefined) {
    return waiting('NoBMC', `bmc Machine ${bmcName} does not exist, so the host cannot be powered off`);
  }
  if (state === 'none') return { kind: 'createJob', name, hardware, actions: offActions(facts) };
  if (state === 'running') return waiting('PoweringOff', `Job ${keyOf(name)} powers the host off`);
  const retryMs = createdMs(facts.job(name), nowMs) + options.powerOffRetrySeconds * 1000;
  if (nowMs >= retryMs && nowMs < endMs) return { kind: 'deleteJob', name };
  return waiting('PowerOffFailed', `Job ${keyOf(name)} failed: ${state.failed}; it is tried again`, retryMs);
}

function wipe(
  facts: Facts,
  hardware: Hardware,
  name: ObjectName,
  policy: 'Quick' | 'Full',
  isOff: Aspect,
): Step | 'wiped' {
  const workflow = facts.workflow(name);
  if (workflow !== undefined && !isForThis(facts, workflow)) return { kind: 'deleteWorkflow', workflow };
  if (workflow === undefined) return beginWipe(facts, hardware, name, policy);
  const end = endOf(workflow);
  if (end === 'SUCCESS') return 'wiped';
  if (end !== undefined) return { kind: 'release', hardware, quarantine: `the wipe failed: ${failureOf(workflow)}` };
  const { rendered, running } = describeWorkflow(workflow);
  const message = rendered.status === 'False' ? rendered.message : running.message;
  const aspect: Aspect = { type: 'Released', status: 'False', reason: 'Wiping', message };
  const rest = waitFor('Deleting', message, [isOff, aspect]);
  // While actions run, the time limit of the Workflow counts.
  return running.status === 'True' ? rest : bounded(facts, hardware, rest, deadlineMs(facts));
}

function beginWipe(facts: Facts, hardware: Hardware, name: ObjectName, policy: 'Quick' | 'Full'): Step {
  const data = wipeTemplate(hardware, { policy, image: facts.options.wipeImage });
  const template = facts.template(name);
  if (template?.spec?.data !== data) {
    return { kind: 'writeTemplate', name, data, exists: template !== undefined, hardware };
  }
  const boot = bootOptionsFor({ ...facts.machine, spec: {} }, hardware);
  if ('problem' in boot) return { kind: 'release', hardware, quarantine: boot.problem };
  return { kind: 'createWorkflow', name, hardware, template: name.name, bootOptions: boot.bootOptions };
}

/** An installer's ISO that a machine leaves in the drive would boot the next one. */
function offActions({ machine }: Facts): Action[] {
  const { bootMode } = machine.spec?.bootOptions ?? {};
  const off: Action = { powerAction: 'off' };
  return bootMode === 'iso' || bootMode === 'isoboot' ? [off, { virtualMediaAction: { kind: 'CD' } }] : [off];
}

/** The same wait until the time for it is over; then the host is set aside with what it was waiting for. */
function bounded(facts: Facts, hardware: Hardware, rest: Rest, endMs: number): Step {
  if (facts.nowMs < endMs) return { ...rest, untilMs: Math.min(rest.untilMs ?? endMs, endMs) };
  return { kind: 'release', hardware, quarantine: `the release took too long: ${rest.ready.message}` };
}

/** When a release must have come to the end of booting the wipe. */
function deadlineMs({ machine, options, nowMs }: Facts): number {
  const begun = Date.parse(machine.metadata.deletionTimestamp ?? '');
  return (Number.isNaN(begun) ? nowMs : begun) + options.releaseTimeoutSeconds * 1000;
}

/** A wipe has its own time limit, for a full one takes as long as the disks do; after it the same time is given again. */
function deadlineAfterWipeMs(facts: Facts, name: ObjectName, policy: 'Quick' | 'Full'): number {
  const begunMs = createdMs(facts.workflow(name), facts.nowMs);
  return begunMs + (wipeLimitSeconds(policy) + facts.options.releaseTimeoutSeconds) * 1000;
}

function createdMs(object: { metadata: ObjectMeta } | undefined, nowMs: number): number {
  const created = Date.parse(object?.metadata.creationTimestamp ?? '');
  return Number.isNaN(created) ? nowMs : created;
}

function stop(workflow: Workflow): Step {
  if (workflow.metadata.deletionTimestamp === undefined) return { kind: 'deleteWorkflow', workflow };
  return waitFor('Deleting', `Workflow ${keyOf(workflow.metadata)} is being deleted`);
}

/** Where the machine's own Template and Workflow may lie. */
function placesOf({ held, machine }: Facts, name: string | undefined): ObjectName[] {
  const { namespace } = machine.metadata;
  const own = namespace ? { namespace, name: name ?? '' } : { name: name ?? '' };
  return [...held.map((hardware) => nameIn(hardware, name)), ...(held.length === 0 ? [own] : [])];
}

function isOurs({ machine }: Facts, { metadata }: Workflow | Template): boolean {
  const { labels = {} } = metadata;
  return (
    labels[machineNameLabel] === machine.metadata.name && labels[machineNamespaceLabel] === machine.metadata.namespace
  );
}

function isForThis({ machine }: Facts, { metadata }: Workflow): boolean {
  return metadata.annotations?.[machineUidAnnotation] === machine.metadata.uid;
}

function quarantineReason({ metadata }: Hardware): string {
  return metadata.annotations?.[quarantineReasonAnnotation] ?? 'no reason is given';
}

/** What a release leaves in another namespace or cluster than the machine's, where no owner reference leads to it. */
function leftoversOf({ machine, elsewhere }: Facts): Leftover[] {
  const { namespace, name = '' } = machine.metadata;
  const there = hardwareOfProviderId(machine.spec?.providerID ?? '')?.namespace ?? machine.status?.targetNamespace;
  if (there === undefined || (there === namespace && !elsewhere)) return [];
  const names = releaseNames(there, name);
  return [
    { kind: 'Job', name: names.powerOff },
    { kind: 'Job', name: names.powerOffAgain },
    { kind: 'Workflow', name: names.wipe },
    { kind: 'Template', name: names.wipe },
  ];
}
