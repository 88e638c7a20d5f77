import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Facts } from '../machine/facts.ts';
import { machineUidAnnotation } from '../names.ts';
import type { WipePolicy } from '../options.ts';

/** Names of what a release makes, beside the Hardware. */
export function releaseNames(namespace: string | undefined, machineName = '') {
  const inNamespace = (name: string): ObjectName => (namespace ? { namespace, name } : { name });
  return {
    /** The name that CAPT gave it. */
    powerOff: inNamespace(`${machineName}-poweroff`),
    wipe: inNamespace(`${machineName}-wipe`),
    powerOffAgain: inNamespace(`${machineName}-poweroff-after-wipe`),
  };
}

/** What a Job of the release has come to; one that another machine of the same name left behind is `stale`. */
export function jobState(
  facts: Facts,
  name: ObjectName,
): 'none' | 'stale' | 'running' | 'completed' | { failed: string } {
  const job = facts.job(name);
  if (job === undefined) return 'none';
  if (!isFor(facts, job)) return 'stale';
  const isSet = (type: string) => job.status?.conditions?.find((each) => each.type === type && each.status === 'True');
  const failure = isSet('Failed');
  if (failure !== undefined) return { failed: failure.message ?? 'no reason is given' };
  return isSet('Completed') === undefined ? 'running' : 'completed';
}

function isFor({ machine }: Facts, { metadata }: Job): boolean {
  const { uid = '' } = machine.metadata;
  const marked = metadata.annotations?.[machineUidAnnotation];
  return marked === uid || (metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

/** What is to be wiped, and nothing where no installer can be booted. */
export function wipePolicyFor({ machine, options }: Facts, { spec }: Hardware): WipePolicy {
  if (spec?.bmcRef === undefined || spec.interfaces?.[0]?.dhcp?.mac === undefined) return 'None';
  return machine.spec?.releasePolicy?.wipe ?? options.wipe;
}
