import type { Resource } from './client.ts';
import { textAt } from './json.ts';

/** Names by which a system may be meant. */
function namesOf({ json, path }: Resource): string[] {
  const last = path.replace(/\/+$/, '').split('/').at(-1);
  return [textAt(json, 'Id'), textAt(json, 'Name'), textAt(json, 'UUID'), last].filter((name) => name !== undefined);
}

/**
 * The system to act on: the only one, or the one that is called `wanted` by Id, Name or UUID (upper and lower case are
 * the same).
 * @returns a text that says what to do when there is no such system, or more than one
 */
export function chooseSystem(systems: readonly Resource[], wanted: string | undefined): Resource | string {
  const only = systems[0];
  if (only === undefined) return 'it serves no system';
  const known = `it serves ${systems.map(describe).join(', ')}`;
  if (wanted === undefined) {
    return systems.length === 1 ? only : `${known}; say which one is meant (systemName)`;
  }
  const name = wanted.trim().toLowerCase();
  const found = systems.filter((system) => namesOf(system).some((candidate) => candidate.toLowerCase() === name));
  // An Id is unique, a Name need not be.
  const chosen = found.length > 1 ? found.filter(({ json }) => textAt(json, 'Id')?.toLowerCase() === name) : found;
  const [system] = chosen;
  if (system !== undefined && chosen.length === 1) return system;
  return `${known}; ${found.length === 0 ? 'none' : 'more than one'} of them is called ${wanted} (systemName)`;
}

function describe({ json, path }: Resource): string {
  const id = textAt(json, 'Id') ?? path;
  const others = [textAt(json, 'Name'), textAt(json, 'UUID')].filter((name) => name !== undefined && name !== id);
  return others.length === 0 ? id : `${id} (${others.join(', ')})`;
}
