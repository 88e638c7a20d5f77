import { Job } from '../../api/bmc/v1alpha1/job.ts';
import { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { EventRecorder } from '../../kube/events/recorder.ts';
import { addFinalizer } from '../../kube/objects/finalizers.ts';
import { nameOf } from '../../kube/objects/name-of.ts';
import { patchLatest } from '../../kube/objects/patch-latest.ts';
import { decideClaim } from '../claim/decide-claim.ts';
import {
  attemptsAnnotation,
  blockMoveAnnotation,
  legacyMachineFinalizer,
  machineFinalizer,
  providerIdOf,
} from '../names.ts';
import { type BootstrapData, readBootstrapData } from './bootstrap-data.ts';
import type { Facts } from './facts.ts';
import {
  claimPatch,
  deliverPatch,
  provisionedPatch,
  quarantinePatch,
  reclaimPatch,
  releasePatch,
} from './hardware-patches.ts';
import { jobOf, templateOf, workflowOf } from './objects.ts';
import { type Leftover, type Rest, type Step, waitFor } from './step.ts';

export interface Performer {
  /** Of Cluster API's objects. */
  client: Client;
  events: EventRecorder;
  /** Of Tinkerbell's objects, which may be in another cluster. */
  tinkerbell: { client: Client; events: EventRecorder };
  /** Runs one claim of this process at a time: they would only take the same host from one another. */
  claiming<T>(work: () => Promise<T>): Promise<T>;
  /** The facts as they are now: time has passed since the step was decided. */
  observe(): Facts | undefined;
}

/**
 * Does one step; each may be done twice without harm. Whatever touches Hardware carries the resourceVersion of what was
 * decided on, so that a change by anybody else ends it with a conflict.
 * @returns why it cannot be done for now, `undefined` when it was done
 */
export async function perform(by: Performer, facts: Facts, step: Step, signal: AbortSignal): Promise<Rest | undefined> {
  const { client, events, tinkerbell } = by;
  const { machine } = facts;
  const call = { signal };
  switch (step.kind) {
    case 'rest':
      return step;
    case 'addFinalizer':
      await addFinalizer(client, TinkerbellMachine, machine, machineFinalizer, call);
      return undefined;
    case 'blockMove': {
      const { uid } = machine.metadata;
      const metadata = { uid, annotations: { [blockMoveAnnotation]: '' } };
      await client.mergePatch(TinkerbellMachine, nameOf(machine), { metadata }, call);
      return undefined;
    }
    case 'claim':
      return claim(by, facts, step.hardware, signal);
    case 'reclaim':
      await patchHardware(tinkerbell.client, step.hardware, reclaimPatch(step.hardware, machine.metadata), signal);
      return undefined;
    case 'recordClaim':
      await patchSpec(client, machine, { hardwareName: step.hardware.metadata.name }, signal);
      return undefined;
    case 'deliver': {
      const data = userDataFor(step.hardware, await readBootstrapData(client, facts.owner, signal));
      if ('problem' in data) return noData(data.problem, facts.nowMs);
      await patchHardware(tinkerbell.client, step.hardware, deliverPatch(step.hardware, data.userData), signal);
      return undefined;
    }
    case 'writeTemplate':
      if (step.exists) await tinkerbell.client.mergePatch(Template, step.name, { spec: { data: step.data } }, call);
      else await tinkerbell.client.create(Template, templateOf(facts, step), call);
      return undefined;
    case 'createWorkflow':
      await tinkerbell.client.create(Workflow, workflowOf(facts, step), call);
      return undefined;
    case 'countFailure': {
      const annotations = { [attemptsAnnotation]: JSON.stringify(step.attempts) };
      await client.mergePatch(TinkerbellMachine, nameOf(machine), { metadata: { annotations } }, call);
      const { count, reason } = step.attempts;
      events.event(machine, warning('InstallationFailed', 'Install', `attempt ${count}: ${reason}`));
      return undefined;
    }
    case 'deleteWorkflow':
      await remove(tinkerbell.client, Workflow, nameOf(step.workflow), { uid: step.workflow.metadata.uid, signal });
      return undefined;
    case 'deleteTemplate':
      await remove(tinkerbell.client, Template, step.name, { signal });
      return undefined;
    case 'deleteJob':
      await remove(tinkerbell.client, Job, step.name, { signal });
      return undefined;
    case 'markProvisioned':
      await patchHardware(tinkerbell.client, step.hardware, provisionedPatch(step.hardware), signal);
      return undefined;
    case 'publish':
      await patchSpec(client, machine, { providerID: step.providerID }, signal);
      return undefined;
    case 'quarantine':
      await patchHardware(
        tinkerbell.client,
        step.hardware,
        quarantinePatch(step.hardware, step.reason, facts.nowMs),
        signal,
      );
      tinkerbell.events.event(step.hardware, warning('Quarantined', 'Quarantine', step.reason));
      return undefined;
    case 'createJob':
      await tinkerbell.client.create(Job, jobOf(facts, step), call);
      return undefined;
    case 'release':
      await patchHardware(
        tinkerbell.client,
        step.hardware,
        releasePatch(step.hardware, step.quarantine, facts.nowMs),
        signal,
      );
      tinkerbell.events.event(
        step.hardware,
        step.quarantine === undefined
          ? {
              reason: 'Released',
              action: 'Release',
              note: `given back by TinkerbellMachine ${keyOf(machine.metadata)}`,
            }
          : warning('Quarantined', 'Release', step.quarantine),
      );
      return undefined;
    case 'removeFinalizer':
      for (const leftover of step.leftovers) await removeLeftover(tinkerbell.client, leftover, signal);
      await patchLatest(client, TinkerbellMachine, machine, withoutOurFinalizers, call).catch(unlessNotFound);
      return undefined;
  }
}

/**
 * Takes Hardware: what was chosen, if it still is the choice when it is this machine's turn. Between the look and the write
 * nothing is waited for: others write Hardware too.
 */
async function claim(by: Performer, facts: Facts, wanted: Hardware, signal: AbortSignal): Promise<Rest | undefined> {
  const bootstrap = await readBootstrapData(by.client, facts.owner, signal);
  if ('problem' in bootstrap) return noData(bootstrap.problem, facts.nowMs);
  return by.claiming(async () => {
    const now = by.observe();
    if (now === undefined || now.machine.metadata.deletionTimestamp !== undefined || now.held.length > 0)
      return undefined;
    const named = now.machine.spec?.hardwareName !== undefined;
    const choice = named ? now.hardware(nameOf(wanted)) : decideClaim(now.machine, now.candidates()).choice;
    if (choice === undefined) return undefined;
    const data = userDataFor(choice, bootstrap);
    if ('problem' in data) return noData(data.problem, facts.nowMs);
    // Its Workflow allows it in any case; but a host that was this machine's before may be installed.
    const patch = claimPatch(choice, now.machine.metadata, { ...data, netboot: !named });
    await patchHardware(by.tinkerbell.client, choice, patch, signal);
    return undefined;
  });
}

function userDataFor({ metadata }: Hardware, data: BootstrapData): { userData: string } | { problem: string } {
  return 'problem' in data ? data : data.userDataFor(providerIdOf(metadata));
}

/** Secrets are not watched, for they hold what should not be kept in memory: come back and look. */
const secretPollMs = 10_000;

function noData(problem: string, nowMs: number): Rest {
  return waitFor('WaitingForBootstrapData', problem, [], nowMs + secretPollMs);
}

async function patchHardware(client: Client, hardware: Hardware, patch: object, signal: AbortSignal): Promise<void> {
  await client.mergePatch(Hardware, nameOf(hardware), patch, { signal });
}

/** The uid keeps the patch off another machine that has taken the name. */
async function patchSpec(client: Client, machine: TinkerbellMachine, spec: object, signal: AbortSignal): Promise<void> {
  const { uid } = machine.metadata;
  await client.mergePatch(TinkerbellMachine, nameOf(machine), { metadata: { uid }, spec }, { signal });
}

async function remove(
  client: Client,
  resource: Resource,
  name: ObjectName,
  { uid, signal }: { uid?: string | undefined; signal: AbortSignal },
): Promise<void> {
  const preconditions = uid === undefined ? {} : { preconditions: { uid } };
  await client
    .delete(resource, name, { ...preconditions, propagationPolicy: 'Background', signal })
    .catch(unlessNotFound);
}

async function removeLeftover(client: Client, { kind, name }: Leftover, signal: AbortSignal): Promise<void> {
  const resources = { Job, Workflow, Template } as const;
  await remove(client, resources[kind], name, { signal });
}

function withoutOurFinalizers({ metadata: { finalizers = [] } }: TinkerbellMachine): object | undefined {
  const kept = finalizers.filter((name) => name !== machineFinalizer && name !== legacyMachineFinalizer);
  return kept.length === finalizers.length ? undefined : { metadata: { finalizers: kept } };
}

function unlessNotFound(error: unknown): undefined {
  if (!isReason(error, 'NotFound')) throw error;
  return undefined;
}

function warning(reason: string, action: string, note: string) {
  return { type: 'Warning', reason, action, note } as const;
}
