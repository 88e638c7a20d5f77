import { parseQuantity } from '../../api/meta/quantity.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';

/** Sizes that a machine can ask for. */
export const sizeNames = ['cpu', 'memory', 'storage'] as const;
export type SizeName = (typeof sizeNames)[number];

/** Where the JSON of the agent's attributes stands on a Hardware. */
const attributesAnnotation = 'tinkerbell.org/agent-attributes';

interface AgentAttributes {
  cpu?: { totalThreads?: unknown; totalCores?: unknown };
  memory?: { total?: unknown };
  blockDevices?: { size?: unknown }[];
}

/**
 * How much of a resource a host has: what `spec.resources` says (an operator's word), else what its agent found, else
 * what its BMC tells; `undefined` when nobody says. `cpu` counts threads, `memory` and `storage` (all disks) bytes.
 */
export function sizeOf(hardware: Hardware, name: string): number | undefined {
  const declared = hardware.spec?.resources?.[name];
  if (declared !== undefined) return parseQuantity(declared);
  return byAgent(hardware, name) ?? byBmc(hardware, name);
}

function byAgent({ metadata }: Hardware, name: string): number | undefined {
  const attributes = parse(metadata.annotations?.[attributesAnnotation]);
  if (name === 'cpu') return number(attributes.cpu?.totalThreads) ?? number(attributes.cpu?.totalCores);
  if (name === 'memory') return number(attributes.memory?.total);
  if (name !== 'storage' || !Array.isArray(attributes.blockDevices)) return undefined;
  return sum(attributes.blockDevices.map((device) => number(device?.size)));
}

function byBmc({ status }: Hardware, name: string): number | undefined {
  const seen = status?.attributes?.outOfBand;
  if (name === 'cpu') return seen?.cpu?.totalThreads ?? seen?.cpu?.totalCores;
  if (name === 'memory') return seen?.memory?.totalBytes;
  if (name !== 'storage') return undefined;
  return sum((seen?.blockDevices ?? []).map(({ sizeBytes }) => sizeBytes));
}

/** An agent writes sizes as bytes or as text such as `256GB`. */
function number(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, digits = '', unit = ''] = /^\s*([\d.]+)\s*([KMGTP]?i?)B?\s*$/i.exec(value) ?? [];
  if (digits === '') return undefined;
  const suffix =
    unit.length === 2
      ? `${unit[0]?.toUpperCase()}i`
      : unit === '' || /^k$/i.test(unit)
        ? unit.toLowerCase()
        : unit.toUpperCase();
  return parseQuantity(`${digits}${suffix}`);
}

function sum(sizes: (number | undefined)[]): number | undefined {
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, size) => total + size, 0);
}

function parse(text: string | undefined): AgentAttributes {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
