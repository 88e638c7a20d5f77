import type { AgentAttributes } from '../../api/agent-protocol/workflow.generated.ts';

/** Names in the JSON where they are not those of the message. */
const jsonNames: Readonly<Record<string, string>> = {
  block: 'blockDevices',
  network: 'networkInterfaces',
  pci: 'pciDevices',
  gpu: 'gpuDevices',
};

/**
 * What an agent found out about its machine, as the annotation `tinkerbell.org/agent-attributes` holds it: what is empty
 * is left out, but a part that was sent with nothing in it is `{}`.
 */
export function attributesJson(attributes: AgentAttributes): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, part]) => !isEmpty(part))
      .map(([name, part]) => [jsonNames[name] ?? name, partJson(part)]),
  );
}

function partJson(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(partJson);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(entries.map(([name, value]) => [name, partJson(value)]));
}

/** Empty as Go's `omitempty` understands it. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
}
