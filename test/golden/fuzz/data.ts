import type { Random } from '../../faults/random.ts';
import { anyText } from './words.ts';

/** Variables of every kind, under the names that the grammar uses. */
export function anyData(random: Random): Record<string, unknown> {
  return {
    s: anyText(random).replace(/[\x80-\xff]/g, 'ä'),
    n: random.pick([0, 1, -2, 3, 1e6, 1e21, 12345678901]),
    f: random.pick([0.5, 2.25, -1e-7, 1.005, 0.1]),
    t: random.chance(0.7),
    nil: null,
    l: random.pick([[], [1, 2, 3], ['b', 'a', null], [[1], { x: 2 }, 'z', 1.5, true], [{ x: 1 }, { x: 2 }]]),
    m: { a: 1, b: random.pick(['x', null, { c: 1 }, [1, 2]]), x: { y: anyJson(random, 2) } },
    e: {},
    h: { scheme: 'http', host: 'h:80', path: '/a b', query: 'q', __proto__key: 1, constructor: 'c' },
    dates: ['2020-01-02', 'x'],
  };
}

function anyJson(random: Random, depth: number): unknown {
  if (depth > 0 && random.chance(0.5)) {
    const items = Array.from({ length: random.below(4) }, () => anyJson(random, depth - 1));
    return random.chance(0.5)
      ? items
      : Object.fromEntries(items.map((item, i) => [random.pick(['k', 'a1', 'a10', 'B', '_']) + i, item]));
  }
  return random.pick([null, true, 0, 1.5, -3, 'text', 'two\nlines', '', '1', 'ä: b', 1e20]);
}
