import type { TinkerbellMachineStatus } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { provisionedAnnotation } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../kube/client/path.ts';
import { hardwareOfProviderId } from '../names.ts';
import { holds, ownerOf } from '../owner.ts';
import type { Facts } from './facts.ts';
import { claimedAspect, nameIn, provision } from './provision.ts';
import { type Aspect, type Rest, type Step, waitFor } from './step.ts';
import { endOf } from './workflow-end.ts';

/**
 * A machine with a provider ID is installed: whatever else was lost (status, annotations, owners, after a move or a
 * restore), it is never installed again, only looked at.
 */
export function provisioned(facts: Facts, providerID: string): Step {
  const name = hardwareOfProviderId(providerID);
  const hardware = name && facts.hardware(name);
  if (name === undefined || hardware === undefined) {
    const message = `Hardware of ${providerID} does not exist`;
    return live(facts, waitFor('HardwareMissing', message, [lost('HardwareMissing', message)]));
  }
  if (!holds(facts.machine.metadata, hardware)) return notHeld(facts, hardware);
  if (isBeingInstalled(facts, hardware)) return provision(facts);
  const ready = { status: 'True', reason: 'Ready', message: '' } as const;
  const done: Aspect = {
    type: 'WorkflowRunning',
    status: 'False',
    reason: 'Completed',
    message: 'the host is installed',
  };
  // Whoever was away while it was installed never saw it rendered.
  const rendered: Aspect = { type: 'TemplateRendered', status: 'True', reason: 'Rendered', message: '' };
  const rest: Rest = { kind: 'rest', ready, aspects: [claimedAspect(hardware), rendered, done] };
  return live(facts, rest, hardware);
}

function notHeld(facts: Facts, hardware: Hardware): Step {
  const owner = ownerOf(hardware);
  if (owner === undefined && hardware.metadata.deletionTimestamp === undefined) return { kind: 'reclaim', hardware };
  const now = owner === undefined ? 'is being deleted' : `belongs to TinkerbellMachine ${keyOf(owner)} now`;
  const message = `Hardware ${keyOf(hardware.metadata)} ${now}`;
  return live(facts, waitFor('HardwareLost', message, [lost('HardwareLost', message)]));
}

/**
 * CAPT wrote the provider ID when it claimed, before anything was installed. Such a machine goes on where it was: its
 * Workflow is there and has not succeeded, and nothing says that the host is live.
 */
function isBeingInstalled(facts: Facts, hardware: Hardware): boolean {
  if (hardware.metadata.annotations?.[provisionedAnnotation] === 'true') return false;
  const workflow = facts.workflow(nameIn(hardware, facts.machine.metadata.name));
  return workflow !== undefined && endOf(workflow) !== 'SUCCESS';
}

function live({ machine }: Facts, rest: Rest, hardware?: Hardware): Rest {
  const status: Partial<TinkerbellMachineStatus> = {
    ready: rest.ready.status === 'True',
    initialization: { provisioned: true },
    ...(hardware === undefined ? {} : { addresses: addressesOf(hardware) }),
    ...(hardware?.metadata.namespace === undefined ? {} : { targetNamespace: hardware.metadata.namespace }),
  };
  return { ...rest, status: { ...keptAddresses(machine.status), ...status } };
}

function keptAddresses(status: TinkerbellMachineStatus | undefined): Partial<TinkerbellMachineStatus> {
  return status?.addresses === undefined ? {} : { addresses: status.addresses };
}

/** Every address and host name of the host, that of the first interface first. */
export function addressesOf({ spec }: Hardware): { type: string; address: string }[] {
  const all = (spec?.interfaces ?? []).flatMap(({ dhcp }) => [
    { type: 'InternalIP', address: dhcp?.ip?.address },
    { type: 'Hostname', address: dhcp?.hostname },
  ]);
  const seen = new Set<string>();
  return all.flatMap(({ type, address }) => {
    if (!address || seen.has(`${type} ${address}`)) return [];
    seen.add(`${type} ${address}`);
    return [{ type, address }];
  });
}

function lost(reason: string, message: string): Aspect {
  return { type: 'HardwareClaimed', status: 'False', reason, message };
}
