import type { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import {
  ownerNameLabel,
  ownerNamespaceLabel,
  provisionedAnnotation,
  quarantineLabel,
  quarantineReasonAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../kube/client/path.ts';

/** What people want to know of a machine at a glance. */
export interface HardwareView {
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name` of the machine that has it. */
  readonly owner?: string;
  /** What its BMC said last; absent without a BMC. */
  readonly power?: 'on' | 'off' | 'unknown';
  readonly state: HardwareState;
  /** Why the state is what it is, or what stands in the way of the next one. */
  readonly reason?: string;
  readonly created?: string;
}

/**
 * `Available` may be claimed; `Claimed` belongs to a machine that is being installed, `Provisioned` to one that is;
 * `Quarantined` waits for somebody to look at it; `Conflict` shares an address with another and is not served; `Deleting`
 * waits for its finalizers.
 */
export type HardwareState = 'Available' | 'Claimed' | 'Provisioned' | 'Quarantined' | 'Conflict' | 'Deleting';

/** Views of `hardware`, sorted by namespace and name. Clashes are found among all that is given. */
export function viewsOf(hardware: readonly Hardware[], machines: readonly Machine[]): HardwareView[] {
  const bmcs = new Map(machines.map((machine) => [keyOf(nameOf(machine)), machine]));
  const holders = holdersOf(hardware);
  return hardware.map((one) => viewOf(one, bmcs, holders)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function viewOf(hardware: Hardware, bmcs: Map<string, Machine>, holders: Map<string, string[]>): HardwareView {
  const { namespace, name } = nameOf(hardware);
  const { labels = {}, creationTimestamp } = hardware.metadata;
  const owner = labels[ownerNameLabel] && `${labels[ownerNamespaceLabel] ?? namespace}/${labels[ownerNameLabel]}`;
  const bmcName = hardware.spec?.bmcRef?.name;
  const bmc = bmcName === undefined ? undefined : bmcs.get(keyOf({ namespace, name: bmcName }));
  const { state, reason = bmcReason(bmcName, bmc) } = stateOf(hardware, owner, holders);
  return {
    namespace,
    name,
    state,
    ...(owner ? { owner } : {}),
    ...(bmcName === undefined ? {} : { power: bmc?.status?.powerState ?? 'unknown' }),
    ...(reason === undefined ? {} : { reason }),
    ...(creationTimestamp ? { created: creationTimestamp } : {}),
  };
}

function stateOf(
  hardware: Hardware,
  owner: string | undefined,
  holders: Map<string, string[]>,
): { state: HardwareState; reason?: string } {
  const { deletionTimestamp, finalizers = [], annotations = {}, labels = {} } = hardware.metadata;
  if (deletionTimestamp !== undefined) return { state: 'Deleting', reason: `waits for ${finalizers.join(', ')}` };
  const { namespace, name } = nameOf(hardware);
  for (const address of addressesOf(hardware)) {
    const others = (holders.get(address) ?? []).filter((holder) => holder !== `${namespace}/${name}`);
    if (others.length > 0) return { state: 'Conflict', reason: `${address} is also that of ${others.join(', ')}` };
  }
  if (labels[quarantineLabel] !== undefined) {
    return { state: 'Quarantined', reason: annotations[quarantineReasonAnnotation] ?? 'no reason is given' };
  }
  if (!owner) return { state: 'Available' };
  return { state: annotations[provisionedAnnotation] === 'true' ? 'Provisioned' : 'Claimed' };
}

function bmcReason(name: string | undefined, bmc: Machine | undefined): string | undefined {
  if (name === undefined) return 'no BMC: its power cannot be switched';
  if (bmc === undefined) return `there is no bmc Machine ${name}`;
  const contactable = bmc.status?.conditions?.find(({ type }) => type === 'Contactable');
  if (contactable === undefined) return 'its BMC was not asked yet';
  if (contactable.status === 'True') return undefined;
  return `BMC not contactable${contactable.message ? `: ${contactable.message}` : ''}`;
}

function holdersOf(hardware: readonly Hardware[]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const one of hardware) {
    const { namespace, name } = nameOf(one);
    for (const address of addressesOf(one)) {
      holders.set(address, [...(holders.get(address) ?? []), `${namespace}/${name}`]);
    }
  }
  return holders;
}

/** Each once: the ports of a bond may share an address. */
function addressesOf({ spec }: Hardware): Set<string> {
  const dhcp = (spec?.interfaces ?? []).map((one) => one.dhcp);
  const addresses = dhcp.flatMap((one) => [one?.mac?.toLowerCase(), one?.ip?.address]);
  return new Set(addresses.filter((address): address is string => Boolean(address)));
}

function nameOf({ metadata: { namespace = '', name = '' } }: Hardware | Machine): { namespace: string; name: string } {
  return { namespace, name };
}
