import type { KubeObject } from '../../api/meta/object.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { JsonObject } from '../../kube/objects/json.ts';
import { mergePatch } from '../../kube/objects/merge-patch.ts';
import type { CsvProblem } from '../csv/problem.ts';
import { shown } from '../csv/problem.ts';
import type { HardwareRow } from '../csv/row.ts';
import { isClaimed } from '../objects/hardware.ts';
import { inventoryLabelsAnnotation } from '../objects/names.ts';
import type { Target } from './target.ts';

/** What has to happen to one object. */
export type Change =
  | { readonly action: 'create'; readonly object: KubeObject }
  | { readonly action: 'configure'; readonly patch: JsonObject; readonly held: readonly string[] }
  | { readonly action: 'leave'; readonly held: readonly string[] };

/** Compares what is there with what a file wants. */
export function changeOf(target: Target, existing: KubeObject | undefined): Change {
  if (existing === undefined) return { action: 'create', object: target.create() };
  const { object, held = [] } = target.update(existing);
  const patch = mergePatch(existing, object);
  return patch === undefined ? { action: 'leave', held } : { action: 'configure', patch, held };
}

/** Hardware that came out of an earlier file and is not in this one. It is told, never deleted: a node may live on it. */
export function vanished(hardware: readonly Hardware[], rows: readonly HardwareRow[], namespace: string): Hardware[] {
  const named = new Set(rows.map(({ hostname }) => hostname));
  return hardware.filter(
    ({ metadata }) =>
      metadata.namespace === namespace &&
      metadata.annotations?.[inventoryLabelsAnnotation] !== undefined &&
      !named.has(metadata.name ?? ''),
  );
}

/**
 * Addresses that machines of the cluster have already, whatever namespace they are in: with two Hardware of one MAC or IP
 * address, neither is served. A Hardware that the file describes too is taken as the file has it, unless it is claimed.
 */
export function clashes(hardware: readonly Hardware[], rows: readonly HardwareRow[], namespace: string): CsvProblem[] {
  const byKey = new Map(rows.map((row) => [keyOf({ namespace, name: row.hostname }), row]));
  const macs = new Map<string, Hardware>();
  const addresses = new Map<string, Hardware>();
  for (const one of hardware) {
    const { name = '', namespace: place = '' } = one.metadata;
    if (byKey.has(keyOf({ namespace: place, name })) && !isClaimed(one)) continue;
    for (const { dhcp } of one.spec?.interfaces ?? []) {
      if (dhcp?.mac) macs.set(dhcp.mac.toLowerCase(), one);
      if (dhcp?.ip?.address) addresses.set(dhcp.ip.address, one);
    }
  }
  return rows.flatMap((row) => [
    ...clash(row, 'mac', row.mac, macs.get(row.mac), namespace),
    ...clash(row, 'ip_address', row.ipAddress, addresses.get(row.ipAddress), namespace),
  ]);
}

function clash(
  row: HardwareRow,
  column: string,
  value: string,
  holder: Hardware | undefined,
  namespace: string,
): CsvProblem[] {
  const { namespace: place = '', name = '' } = holder?.metadata ?? {};
  if (holder === undefined || (place === namespace && name === row.hostname)) return [];
  return [
    {
      line: row.line,
      column,
      rule: `must differ from that of Hardware ${place}/${name}`,
      found: shown(value),
      fix: 'correct it; a machine that got another hostname has to be deleted under the old one first',
    },
  ];
}
