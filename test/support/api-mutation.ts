import fc from 'fast-check';

/** Values that are wrong almost anywhere, and right now and then. */
const junk: unknown[] = [
  null,
  '',
  'x',
  '7',
  'on',
  'True',
  'http://192.0.2.1/',
  '2026-01-31T12:00:00Z',
  'é'.repeat(300),
  0,
  -1,
  1.5,
  70_000,
  2 ** 40,
  true,
  [],
  [null],
  ['x'],
  [{}],
  {},
  { x: 'y' },
];

/** The object with one value, anywhere in it, replaced by junk or taken away. */
export function mutated(original: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(original);
  return fc
    .tuple(
      fc.constantFrom(...paths),
      fc.oneof(
        fc.constant({ gone: true }),
        fc.constantFrom(...junk).map((value) => ({ value })),
      ),
    )
    .map(([path, change]) => replaced(original, path, change));
}

type Change = { gone: boolean } | { value: unknown };

function pathsOf(value: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys: PropertyKey[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((key) => pathsOf((value as Record<PropertyKey, unknown>)[key], [...path, key]))];
}

function replaced(original: unknown, [key, ...rest]: readonly PropertyKey[], change: Change): unknown {
  if (key === undefined) return 'value' in change ? change.value : undefined;
  const copy = (Array.isArray(original) ? [...original] : { ...(original as object) }) as Record<PropertyKey, unknown>;
  const value = replaced(copy[key], rest, change);
  if (value !== undefined) copy[key] = value;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}
