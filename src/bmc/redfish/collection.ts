import type { CallOptions } from '../port.ts';
import type { RedfishClient, Resource } from './client.ts';
import { textAt } from './json.ts';
import { linksAt, pathOf } from './link.ts';

const mostPages = 32;
const mostMembers = 512;

/** Paths of the members of a collection, page by page (DSP0266 §9.4.6). */
export async function memberPaths(client: RedfishClient, path: string, call: CallOptions): Promise<string[]> {
  const members = new Set<string>();
  const pages = new Set<string>();
  let next: string | undefined = path;
  while (next !== undefined && !pages.has(next) && pages.size < mostPages && members.size < mostMembers) {
    pages.add(next);
    const { json }: Resource = await client.get(next, call);
    for (const member of linksAt(json, 'Members')) members.add(member);
    next = pathOf(textAt(json, 'Members@odata.nextLink'));
  }
  return [...members].slice(0, mostMembers);
}

/** The members themselves, one after another: BMCs answer several requests at once later than one by one. */
export async function members(client: RedfishClient, path: string, call: CallOptions): Promise<Resource[]> {
  const resources: Resource[] = [];
  for (const member of await memberPaths(client, path, call)) resources.push(await client.get(member, call));
  return resources;
}
