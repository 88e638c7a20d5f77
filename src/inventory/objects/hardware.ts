import { ownerNameLabel, ownerNamespaceLabel } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware, HardwareSpec } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { HardwareInterface } from '../../api/tinkerbell/v1alpha1/hardware-interface.ts';
import type { HardwareMetadata } from '../../api/tinkerbell/v1alpha1/hardware-metadata.ts';
import { equalJson } from '../../kube/objects/json.ts';
import type { ColumnName } from '../csv/columns.ts';
import type { HardwareRow } from '../csv/row.ts';
import { bmcMachineName, inventoryLabelsAnnotation } from './names.ts';

/** The longest lease there is short of "for ever", as EKS Anywhere gives it. */
const leaseTimeSeconds = 2 ** 32 - 2;

/** A new Hardware for a row, in all its fields as EKS Anywhere makes it. */
export function newHardware(row: HardwareRow, namespace: string): Hardware {
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: {
      name: row.hostname,
      namespace,
      ...(Object.keys(row.labels).length === 0 ? {} : { labels: { ...row.labels } }),
      annotations: { [inventoryLabelsAnnotation]: labelKeys(row) },
    },
    spec: {
      ...(row.bmc === undefined ? {} : { bmcRef: bmcRef(row) }),
      disks: [{ device: row.disk }],
      metadata: {
        facility: { facility_code: 'onprem', plan_slug: 'c2.medium.x86' },
        instance: { operating_system: {}, allow_pxe: true, always_pxe: true, ...instanceOf(row, { public: true }) },
      },
      interfaces: [
        {
          netboot: newNetboot(),
          dhcp: { arch: 'x86_64', uefi: true, lease_time: leaseTimeSeconds, ...dhcpOf(row, undefined, new Set()) },
        },
      ],
    },
  };
}

/** What a row makes of a Hardware that is there. */
export interface HardwareUpdate {
  readonly hardware: Hardware;
  /** Fields that the file would change and that stay, since the machine belongs to somebody. */
  readonly held: readonly string[];
}

/**
 * What a row makes of a Hardware that is there: only fields that the file has columns for. Owner labels, user-data, status
 * and how it netboots are never touched. Of a claimed machine only labels and the way to its BMC change: its address, disk
 * and names are those of a live node.
 */
export function updatedHardware(
  existing: Hardware,
  row: HardwareRow,
  columns: ReadonlySet<ColumnName>,
): HardwareUpdate {
  const labelled = withLabels(existing, row);
  const spec = { ...labelled.spec };
  if (row.bmc !== undefined) spec.bmcRef = bmcRef(row);
  const wanted = withMachine(spec, row, columns);
  if (!isClaimed(existing)) return { hardware: { ...labelled, spec: wanted }, held: [] };
  return { hardware: { ...labelled, spec }, held: differences(spec, wanted) };
}

/** True when a machine of a cluster has it. */
export function isClaimed({ metadata: { labels = {} } }: Hardware): boolean {
  return Boolean(labels[ownerNameLabel] || labels[ownerNamespaceLabel]);
}

function withLabels(existing: Hardware, row: HardwareRow): Hardware {
  const { labels = {}, annotations = {} } = existing.metadata;
  const before = (annotations[inventoryLabelsAnnotation] ?? '').split(',');
  const dropped = before.filter((key) => key !== ownerNameLabel && key !== ownerNamespaceLabel);
  const kept = Object.entries(labels).filter(([key]) => !dropped.includes(key));
  const metadata = {
    ...existing.metadata,
    labels: { ...Object.fromEntries(kept), ...row.labels },
    annotations: { ...annotations, [inventoryLabelsAnnotation]: labelKeys(row) },
  };
  return { ...existing, metadata };
}

/** The parts of the spec that say which machine it is. */
function withMachine(spec: HardwareSpec, row: HardwareRow, columns: ReadonlySet<ColumnName>): HardwareSpec {
  const wanted = { ...spec };
  const interfaces = [...(spec.interfaces ?? [])];
  const known = interfaces.findIndex(({ dhcp }) => dhcp?.mac?.toLowerCase() === row.mac);
  const position = Math.max(0, known);
  const before: HardwareInterface = interfaces[position] ?? {};
  interfaces[position] = {
    ...before,
    netboot: before.netboot ?? newNetboot(),
    dhcp: dhcpOf(row, before.dhcp, columns),
  };
  wanted.interfaces = interfaces;
  const [disk, ...disks] = spec.disks ?? [];
  wanted.disks = [{ ...disk, device: row.disk }, ...disks];
  const instance = spec.metadata?.instance;
  wanted.metadata = { ...spec.metadata, instance: { ...instance, ...instanceOf(row, instance?.ips?.[0], instance) } };
  // The one field that a file can also take away: with empty cells, and only what a file gave.
  const ours = spec.bmcRef?.name === bmcMachineName(row);
  if (row.bmc === undefined && columns.has('bmc_ip') && ours) delete wanted.bmcRef;
  return wanted;
}

type Dhcp = NonNullable<HardwareInterface['dhcp']>;
type Instance = NonNullable<HardwareMetadata['instance']>;
type InstanceAddress = NonNullable<Instance['ips']>[number];

function dhcpOf(row: HardwareRow, before: Dhcp | undefined, columns: ReadonlySet<ColumnName>): Dhcp {
  const { ipAddress: address, netmask, gateway } = row;
  const dhcp: Dhcp = {
    ...before,
    mac: row.mac,
    hostname: row.hostname,
    ip: { ...before?.ip, address, netmask, gateway },
    name_servers: [...row.nameservers],
  };
  if (row.vlanId !== undefined) dhcp.vlan_id = row.vlanId;
  else if (columns.has('vlan_id')) delete dhcp.vlan_id;
  return dhcp;
}

function instanceOf(row: HardwareRow, address: InstanceAddress | undefined, instance?: Instance): Instance {
  const { ipAddress, netmask, gateway } = row;
  const first = { ...address, address: ipAddress, netmask, gateway, family: 4 };
  return { id: row.mac, hostname: row.hostname, ips: [first, ...(instance?.ips ?? []).slice(1)] };
}

function newNetboot(): NonNullable<HardwareInterface['netboot']> {
  return { allowPXE: true, allowWorkflow: true };
}

function bmcRef(row: HardwareRow): NonNullable<HardwareSpec['bmcRef']> {
  return { apiGroup: 'bmc.tinkerbell.org', kind: 'Machine', name: bmcMachineName(row) };
}

function labelKeys({ labels }: HardwareRow): string {
  return Object.keys(labels).sort().join(',');
}

/** Names of the fields of `wanted` that differ. */
function differences(spec: HardwareSpec, wanted: HardwareSpec): string[] {
  const names = ['bmcRef', 'disks', 'interfaces', 'metadata'] as const;
  return names.filter((name) => !equalJson(spec[name], wanted[name])).map((name) => `spec.${name}`);
}
