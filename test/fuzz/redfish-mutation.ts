import type { Dice } from '../../src/rack/bmc/dice.ts';

type Container = Record<string, unknown> | unknown[];

/** Property names of Redfish, and some that are special to JavaScript. */
const names = [
  '@odata.id',
  '@odata.type',
  '@odata.etag',
  'Members',
  'Members@odata.nextLink',
  'Actions',
  '#ComputerSystem.Reset',
  '#VirtualMedia.InsertMedia',
  'target',
  'Boot',
  'BootSourceOverrideTarget',
  'BootSourceOverrideEnabled',
  'PowerState',
  'Links',
  'ManagedBy',
  'Oem',
  'Dell',
  'Status',
  'TaskState',
  'Messages',
  'error',
  '@Message.ExtendedInfo',
  'MediaTypes',
  'Image',
  'Inserted',
  'Id',
  'Name',
  'UUID',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '',
];

const texts = [
  '',
  ' ',
  'On',
  'Off',
  'PoweringOn',
  'Once',
  'Continuous',
  'Disabled',
  'None',
  'Pxe',
  'Running',
  'Completed',
  'Exception',
  'null',
  '__proto__',
  '/redfish/v1/',
  '/redfish/v1/Systems',
  '/redfish/v1/Systems/machine',
  '/redfish/v1/Managers/bmc',
  '../../..',
  '//elsewhere.invalid/redfish/v1/',
  'https://elsewhere.invalid/x',
  'http://[',
  'javascript:alert(1)',
  '/\u0000/\r\nHost: evil',
  '#fragment',
  '%',
  '%E0%A4%A',
  '\ud800',
  '💥'.repeat(40),
  '1e999',
  '-1',
  'NaN',
  '9'.repeat(400),
  'x'.repeat(5000),
];

const numbers = [0, -0, 1, -1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324, 1024];

/** A value of any shape. */
export function anyValue(dice: Dice, depth = 0): unknown {
  const kind = dice.below(depth > 3 ? 5 : 9);
  if (kind === 0) return null;
  if (kind === 1) return dice.chance(0.5);
  if (kind === 2) return pick(dice, numbers);
  if (kind <= 4) return pick(dice, texts);
  if (kind === 5) return Array.from({ length: dice.below(5) }, () => anyValue(dice, depth + 1));
  if (kind === 6) return deepValue(dice.below(200));
  const entries = Array.from({ length: dice.below(6) }, () => [pick(dice, names), anyValue(dice, depth + 1)] as const);
  return objectFrom(entries);
}

/** Changes a document at a few places at random: removes, replaces, renames, moves. */
export function mutateDocument(document: unknown, dice: Dice): unknown {
  const copy = { root: structuredClone(document) };
  const changes = 1 + dice.below(4);
  for (let i = 0; i < changes; i++) {
    const places = containersIn(copy);
    mutateContainer(pick(dice, places), places, dice);
  }
  return copy.root;
}

function mutateContainer(container: Container, places: readonly Container[], dice: Dice): void {
  const record = container as Record<string, unknown>;
  const key = pick(dice, Object.keys(container).length > 0 ? Object.keys(container) : ['']);
  const way = dice.below(6);
  if (way === 0 && key !== 'root') delete record[key];
  else if (way === 1) define(record, pick(dice, names), record[key]);
  else if (way === 2) define(record, key, [record[key], record[key]]);
  else if (way === 3) define(record, key, structuredClone(pick(dice, places)));
  else define(record, key, anyValue(dice));
}

/** Own property whatever the name, as JSON.parse makes it. */
function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(record) && !/^\d+$/.test(key)) return;
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

function containersIn(root: Container): Container[] {
  const found: Container[] = [root];
  for (let index = 0; index < found.length && found.length < 400; index++) {
    for (const value of Object.values(found[index] as object)) {
      if (typeof value === 'object' && value !== null) found.push(value as Container);
    }
  }
  return found;
}

function objectFrom(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object = {};
  for (const [key, value] of entries) define(object, key, value);
  return object;
}

function deepValue(depth: number): unknown {
  let value: unknown = 'deep';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { Members: value };
  return value;
}

export function pick<T>(dice: Dice, choices: readonly T[]): T {
  const choice = choices[dice.below(choices.length)];
  if (choice === undefined) throw new TypeError('nothing to pick from');
  return choice;
}
