import type { ObjectName } from '../../api/meta/object.ts';
import { timestamp } from '../../api/time/timestamp.ts';
import { provisionedAnnotation, quarantineLabel } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { stateOf } from '../../api/tinkerbell/v1alpha1/workflow-state.ts';
import { keyOf } from '../../kube/client/path.ts';
import { failedAttempts, nextAttemptMs } from '../attempts.ts';
import { decideClaim, explainNoChoice } from '../claim/decide-claim.ts';
import { providerIdOf } from '../names.ts';
import { holds, ownerOf } from '../owner.ts';
import { bootOptionsFor } from './boot-options.ts';
import type { Facts } from './facts.ts';
import { type Aspect, type Step, waitFor } from './step.ts';
import { endOf } from './workflow-end.ts';
import { describeWorkflow, failureOf } from './workflow-text.ts';

/** The next step towards an installed host. */
export function provision(facts: Facts): Step {
  const { machine, held } = facts;
  const { hardwareName } = machine.spec ?? {};
  const hardware = held.find(({ metadata }) => metadata.name === hardwareName) ?? (hardwareName ? undefined : held[0]);
  if (hardware !== undefined) return onHardware(facts, hardware);
  const gate = gateOf(facts);
  if (gate !== undefined) return gate;
  return hardwareName ? lostClaim(facts, hardwareName) : claim(facts);
}

/** What must be there before a host is touched for the first time. */
function gateOf({ owner, cluster }: Facts): Step | undefined {
  if (!cluster?.status?.initialization?.infrastructureProvisioned) {
    return waitFor(
      'WaitingForClusterInfrastructure',
      `Cluster ${keyOf(cluster?.metadata ?? {})} has not reported its infrastructure as provisioned`,
    );
  }
  if (!owner?.spec?.bootstrap.dataSecretName) {
    const what = `Machine ${keyOf(owner?.metadata ?? {})} has no bootstrap data yet (spec.bootstrap.dataSecretName)`;
    return waitFor('WaitingForBootstrapData', what);
  }
  return undefined;
}

function claim(facts: Facts): Step {
  const { choice, verdicts } = decideClaim(facts.machine, facts.candidates());
  if (choice !== undefined) return { kind: 'claim', hardware: choice };
  const { namespace = '', name = '' } = facts.machine.metadata;
  const message = `${explainNoChoice(verdicts)}; capt explain machine ${name} -n ${namespace} tells each one`;
  const aspect: Aspect = { type: 'HardwareClaimed', status: 'False', reason: 'NoHardware', message };
  return waitFor('WaitingForHardware', message, [aspect]);
}

/** A machine that named its Hardware keeps to it: another one would be a second host for the same machine. */
function lostClaim(facts: Facts, name: string): Step {
  const namespace = facts.machine.status?.targetNamespace ?? facts.machine.metadata.namespace ?? '';
  const hardware = facts.hardware({ namespace, name });
  const owner = hardware && ownerOf(hardware);
  if (hardware !== undefined && owner === undefined && hardware.metadata.deletionTimestamp === undefined) {
    return { kind: 'claim', hardware };
  }
  const now = owner === undefined ? 'is gone' : `belongs to TinkerbellMachine ${keyOf(owner)} now`;
  const message = `Hardware ${namespace}/${name}, which this machine had claimed, ${now}; delete the Machine to get another`;
  return waitFor('HardwareLost', message, [
    { type: 'HardwareClaimed', status: 'False', reason: 'HardwareLost', message },
  ]);
}

function onHardware(facts: Facts, hardware: Hardware): Step {
  const { machine } = facts;
  if (!machine.spec?.hardwareName) return { kind: 'recordClaim', hardware };
  const name = nameIn(hardware, machine.metadata.name);
  const workflow = facts.workflow(name);
  if (
    hardware.metadata.annotations?.[provisionedAnnotation] === 'true' &&
    (workflow === undefined || endOf(workflow) !== 'FAILED')
  ) {
    return { kind: 'publish', providerID: providerIdOf(hardware.metadata) };
  }
  const claimed = claimedAspect(hardware);
  if (workflow === undefined) return begin(facts, hardware, name, claimed);
  return watchWorkflow(facts, hardware, workflow, claimed);
}

/** Nothing has been tried, or what was tried has been cleared away. */
function begin(facts: Facts, hardware: Hardware, name: ObjectName, claimed: Aspect): Step {
  const { machine, options } = facts;
  const attempts = failedAttempts(machine.metadata);
  if (attempts !== undefined && attempts.count >= options.maxAttempts) return failed(facts, hardware, [claimed]);
  const gate = gateOf(facts);
  if (gate !== undefined) return gate;
  if (hardware.spec?.userData === undefined) return { kind: 'deliver', hardware };
  const outcome = facts.templateFor(hardware);
  if ('problem' in outcome) {
    const aspect: Aspect = {
      type: 'TemplateRendered',
      status: 'False',
      reason: 'NoTemplate',
      message: outcome.problem,
    };
    return waitFor('WaitingForTemplate', outcome.problem, [claimed, aspect]);
  }
  const template = facts.template(name);
  if (template?.spec?.data !== outcome.data) {
    return { kind: 'writeTemplate', name, data: outcome.data, exists: template !== undefined, hardware };
  }
  const boot = bootOptionsFor(machine, hardware);
  if ('problem' in boot) return waitFor('BootOptionsUnusable', boot.problem, [claimed]);
  const { agentWaitLimitSeconds } = options;
  const { bootOptions } = boot;
  return { kind: 'createWorkflow', name, hardware, template: name.name, bootOptions, agentWaitLimitSeconds };
}

function watchWorkflow(facts: Facts, hardware: Hardware, workflow: Workflow, claimed: Aspect): Step {
  const { machine } = facts;
  if (workflow.spec?.hardwareRef !== hardware.metadata.name) {
    const message = `Workflow ${keyOf(workflow.metadata)} is for Hardware ${workflow.spec?.hardwareRef ?? '(none)'}; delete it`;
    return waitFor('WorkflowConflict', message, [claimed]);
  }
  if (workflow.metadata.deletionTimestamp !== undefined) {
    return waitFor('Provisioning', `Workflow ${keyOf(workflow.metadata)} is being deleted`, [claimed]);
  }
  const end = isAboutToMark(workflow) ? undefined : endOf(workflow);
  // The owner is asked once more by whoever performs this: only a host that is still ours gets marked.
  if (end === 'SUCCESS' && holds(machine.metadata, hardware)) return { kind: 'markProvisioned', hardware };
  if (end !== undefined) return afterFailure(facts, hardware, workflow, claimed);
  const text = describeWorkflow(workflow, sourceNote(facts, hardware, workflow));
  return waitFor('Provisioning', text.running.message, [claimed, text.rendered, text.running]);
}

/**
 * Everything is done, and whoever runs the Workflow stops the netboot and marks the host as installed in one write; doing the
 * same here would only get into its way. It has ended when that is through, or does not come to it any more.
 */
function isAboutToMark({ status }: Workflow): boolean {
  const { toggledTrue, toggledFalse } = status?.bootOptions?.allowNetboot ?? {};
  return stateOf(status?.state) === 'POST' && toggledTrue === true && !toggledFalse;
}

/** Counts a failure once, waits, clears the Workflow away for the next attempt; after the last one gives up. */
function afterFailure(facts: Facts, hardware: Hardware, workflow: Workflow, claimed: Aspect): Step {
  const { machine, options, nowMs } = facts;
  const before = failedAttempts(machine.metadata);
  const uid = workflow.metadata.uid ?? '';
  if (before?.workflowUid !== uid) {
    const at = timestamp(nowMs);
    const count = (before?.count ?? 0) + 1;
    return { kind: 'countFailure', attempts: { count, workflowUid: uid, at, reason: failureOf(workflow) } };
  }
  if (before.count >= options.maxAttempts) return failed(facts, hardware, [claimed]);
  const untilMs = nextAttemptMs(before, options.retrySeconds);
  if (nowMs >= untilMs) return { kind: 'deleteWorkflow', workflow };
  const next = timestamp(untilMs);
  const message = `attempt ${before.count} of ${options.maxAttempts} failed: ${before.reason}; next attempt at ${next}`;
  const aspect: Aspect = { type: 'WorkflowRunning', status: 'False', reason: 'WaitingForRetry', message };
  return waitFor('Provisioning', message, [claimed, aspect], untilMs);
}

/** The end of the ladder: the host is set aside with the reason, and the machine says so for whoever replaces it. */
function failed({ machine, options }: Facts, hardware: Hardware, aspects: readonly Aspect[]): Step {
  const { reason = 'no reason is known' } = failedAttempts(machine.metadata) ?? {};
  if (hardware.metadata.labels?.[quarantineLabel] === undefined) {
    return { kind: 'quarantine', hardware, reason: `${options.maxAttempts} installations failed, the last: ${reason}` };
  }
  const message = `all ${options.maxAttempts} attempts failed, the last: ${reason}; delete the Machine, or let a MachineHealthCheck do it`;
  const aspect: Aspect = { type: 'WorkflowRunning', status: 'False', reason: 'Failed', message };
  const step = waitFor('ProvisioningFailed', message, [...aspects, aspect]);
  return { ...step, status: { errorReason: 'CreateError', errorMessage: message } };
}

export function claimedAspect({ metadata }: Hardware): Aspect {
  return { type: 'HardwareClaimed', status: 'True', reason: 'Claimed', message: `Hardware ${keyOf(metadata)}` };
}

/** Objects of a machine lie beside its Hardware, under the machine's name. */
export function nameIn({ metadata }: Hardware, name = ''): ObjectName {
  return metadata.namespace ? { namespace: metadata.namespace, name } : { name };
}

/** Says when the template's source has changed since the Workflow began: it is not ignored, it comes too late. */
function sourceNote(facts: Facts, hardware: Hardware, workflow: Workflow): string | undefined {
  const outcome = facts.templateFor(hardware);
  const template = facts.template(nameIn(hardware, workflow.metadata.name));
  if ('problem' in outcome) return `the source of the template is gone meanwhile: ${outcome.problem}`;
  if (template === undefined || template.spec?.data === outcome.data) return undefined;
  return `${outcome.source} has changed since; the next attempt uses it`;
}
