import { defaultLimits, Meter } from '../template/value/meter.ts';
import { alternativeMatches } from './alternative.ts';
import type { Pattern, PatternFields } from './pattern.ts';

/**
 * True when `event`, as it comes from JSON, has all that the pattern says. A list stands for its elements; what a pattern
 * says below a list has to hold for one and the same element.
 * @throws LimitError when it takes more than a bounded number of steps, which no sensible pattern does
 */
export function patternMatches(pattern: Pattern, event: unknown, meter: Meter = new Meter(defaultLimits)): boolean {
  if (pattern.absent.some((path) => hasLeaf(event, path, meter))) return false;
  return fieldsMatch(pattern.root, event, meter);
}

function fieldsMatch(fields: PatternFields, value: unknown, meter: Meter): boolean {
  if (fields.size === 0) return true;
  return elements(value, meter).some((element) => isObject(element) && elementMatches(fields, element, meter));
}

function elementMatches(fields: PatternFields, element: Readonly<Record<string, unknown>>, meter: Meter): boolean {
  for (const [key, node] of fields) {
    meter.step();
    if (!Object.hasOwn(element, key)) return false;
    const value = element[key];
    const matches =
      node.kind === 'fields'
        ? fieldsMatch(node.fields, value, meter)
        : leaves(value, meter).some((leaf) =>
            node.alternatives.some((alternative) => alternativeMatches(alternative, leaf, meter)),
          );
    if (!matches) return false;
  }
  return true;
}

function hasLeaf(event: unknown, path: readonly string[], meter: Meter): boolean {
  let values: readonly unknown[] = [event];
  for (const key of path) {
    values = values
      .flatMap((value) => elements(value, meter))
      .flatMap((value) => (isObject(value) && Object.hasOwn(value, key) ? [value[key]] : []));
  }
  return values.some((value) => leaves(value, meter).length > 0);
}

function leaves(value: unknown, meter: Meter): unknown[] {
  return elements(value, meter).filter((element) => element !== undefined && !isObject(element));
}

/** What a value stands for: the elements of lists in lists, or itself. No recursion: events nest as deep as they like. */
function elements(value: unknown, meter: Meter): unknown[] {
  if (!Array.isArray(value)) return [value];
  const flat: unknown[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    meter.step();
    if (!Array.isArray(next)) flat.push(next);
    else for (let index = next.length - 1; index >= 0; index--) open.push(next[index]);
  }
  return flat;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
