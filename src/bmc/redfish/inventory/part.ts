import { BmcError } from '../../bmc-error.ts';
import type { CallOptions } from '../../port.ts';
import type { RedfishClient, Resource } from '../client.ts';
import { memberPaths } from '../collection.ts';
import { RefusedError } from '../http/refusal.ts';

/**
 * The resources at `paths`, without those that this BMC cannot give: half an inventory is better than none. What every
 * other request would meet as well, it throws.
 */
export async function readParts(
  client: RedfishClient,
  paths: readonly string[],
  call: CallOptions,
): Promise<Resource[]> {
  const parts: Resource[] = [];
  for (const path of paths) {
    const part = await orNothing(() => client.get(path, call));
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

/** The members of the collection at `path`, as far as they can be read. */
export async function readCollection(
  client: RedfishClient,
  path: string | undefined,
  call: CallOptions,
): Promise<Resource[]> {
  if (path === undefined) return [];
  const paths = await orNothing(() => memberPaths(client, path, call));
  return await readParts(client, (paths ?? []).slice(0, mostParts), call);
}

const mostParts = 128;

async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    // 500 for one part is common; it says nothing about the next.
    const isPartial = error instanceof RefusedError && error.kind !== 'unauthorized' && error.kind !== 'busy';
    if (isPartial || (error instanceof BmcError && error.kind === 'protocol')) return undefined;
    throw error;
  }
}
