/**
 * Readers for JSON of which nothing is certain: BMCs leave properties out, give `null`, or another type than the schema
 * says. Whatever does not fit is absent. Only own properties are read, so that `constructor` is nothing special.
 */
export type Json = Readonly<Record<string, unknown>>;

const nothing: Json = Object.freeze({});

/** The object that `value` is; an empty one for anything else, lists included. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : nothing;
}

/** What is found by going down along `keys`. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    const object = objectOf(current);
    current = Object.hasOwn(object, key) ? object[key] : undefined;
  }
  return current;
}

/** A string with more than blanks in it, without the blanks around. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  const text = typeof found === 'string' ? found.trim() : '';
  return text === '' ? undefined : text;
}

/** A finite number; some BMCs write numbers as strings. */
export function numberAt(value: unknown, ...keys: readonly string[]): number | undefined {
  const found = at(value, ...keys);
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function flagAt(value: unknown, ...keys: readonly string[]): boolean | undefined {
  const found = at(value, ...keys);
  return typeof found === 'boolean' ? found : undefined;
}

/** The members of a list; one that stands alone counts as a list of one. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys);
  if (Array.isArray(found)) return found;
  return found === undefined || found === null ? [] : [found];
}

/** The strings in a list. */
export function textsAt(value: unknown, ...keys: readonly string[]): string[] {
  return listAt(value, ...keys).filter((item): item is string => typeof item === 'string' && item !== '');
}

/** The objects in a list. */
export function objectsAt(value: unknown, ...keys: readonly string[]): Json[] {
  return listAt(value, ...keys)
    .map(objectOf)
    .filter((item) => item !== nothing);
}
