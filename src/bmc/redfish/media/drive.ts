import type { Resource } from '../client.ts';
import { at, flagAt, objectOf, textAt, textsAt } from '../json.ts';
import { pathOf } from '../link.ts';

/** How an image gets into a drive. */
export type InsertWay = { by: 'action'; insert: string; eject: string | undefined; action: unknown } | { by: 'patch' };

/** A virtual drive (DSP2046 VirtualMedia). */
export interface Drive {
  resource: Resource;
  id: string;
  /** Whose it is. */
  scope: 'system' | 'manager';
  /** What it can hold, in the words of Redfish. */
  kinds: readonly string[];
  way: InsertWay;
  /** URL of the image in it; absent when it is empty. */
  url: string | undefined;
  isInserted: boolean;
}

export function driveOf(resource: Resource, scope: Drive['scope']): Drive {
  const { json } = resource;
  const id = textAt(json, 'Id') ?? resource.path.split('/').at(-1) ?? '';
  const isInserted = insertedOf(json);
  const url = isInserted ? textAt(json, 'Image') : undefined;
  return { resource, id, scope, kinds: kindsOf(json, id), way: wayOf(json), url, isInserted };
}

/** By `MediaTypes`; a name says little, and is asked only where there are none. */
function kindsOf(json: unknown, id: string): string[] {
  const types = textsAt(json, 'MediaTypes');
  if (types.length > 0) return types;
  return /cd|dvd/i.test(`${id} ${textAt(json, 'Name') ?? ''}`) ? ['CD', 'DVD'] : [];
}

/** Supermicro leaves the image and `Inserted` as they were when it has ejected (community.general#7470). */
function insertedOf(json: unknown): boolean {
  if (textAt(json, 'ConnectedVia')?.toLowerCase() === 'notconnected') return false;
  return flagAt(json, 'Inserted') ?? textAt(json, 'Image') !== undefined;
}

/** The standard action, else one that a vendor keeps below `Oem` (iLO 4), else a change of the drive itself (XCC). */
function wayOf(json: unknown): InsertWay {
  const standard = actionsIn(at(json, 'Actions'), /^#VirtualMedia\.InsertMedia$/, /^#VirtualMedia\.EjectMedia$/);
  if (standard !== undefined) return standard;
  const places = [at(json, 'Oem'), at(json, 'Actions', 'Oem')].flatMap((oem) => [oem, ...Object.values(objectOf(oem))]);
  for (const place of places) {
    for (const actions of [place, at(place, 'Actions')]) {
      const found = actionsIn(actions, /VirtualMedia\.Insert(Virtual)?Media$/, /VirtualMedia\.Eject(Virtual)?Media$/);
      if (found !== undefined) return found;
    }
  }
  return { by: 'patch' };
}

function actionsIn(actions: unknown, insert: RegExp, eject: RegExp): InsertWay | undefined {
  const find = (pattern: RegExp) => Object.entries(objectOf(actions)).find(([name]) => pattern.test(name))?.[1];
  const action = find(insert);
  const target = pathOf(textAt(action, 'target'));
  if (target === undefined) return undefined;
  return { by: 'action', insert: target, eject: pathOf(textAt(find(eject), 'target')), action };
}

/** Whether `kind` fits into the drive; a CD fits where a DVD does. */
export function takesKind(drive: Drive, kind: string): boolean {
  const wanted = kind.toLowerCase();
  return drive.kinds.some((own) => own.toLowerCase() === wanted || (wanted === 'cd' && own.toLowerCase() === 'dvd'));
}
