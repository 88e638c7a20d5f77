import type { Problem } from '../../../api/validation/problem.ts';
import { textOf } from '../value/bytes.ts';

/** Where a problem is: segments of a path like `tasks[0].actions[2]`, and the names that people know these by. */
export interface Place {
  readonly path: string;
  /** `task "os", action "stream"`; empty at the top. */
  readonly title: string;
}

export const top: Place = { path: '', title: '' };

/** The place of a key. */
export function keyPlace(place: Place, key: string): Place {
  return { ...place, path: place.path === '' ? key : `${place.path}.${key}` };
}

/** The place of an entry of a list, with what it is called if it has a name. */
export function entryPlace(list: Place, index: number, what: string, name: string): Place {
  const called = name === '' ? `${what} ${index + 1}` : `${what} "${textOf(name)}"`;
  return { path: `${list.path}[${index}]`, title: list.title === '' ? called : `${list.title}, ${called}` };
}

/** Collects everything that is wrong, with lines of the rendered text but never with the text itself. */
export class Problems {
  readonly #found: Problem[] = [];

  get all(): readonly Problem[] {
    return this.#found;
  }

  /** `line` counts in the rendered text. */
  add({ path, title }: Place, line: number | undefined, rule: string, fix: string): void {
    const where = [title, line === undefined ? '' : `line ${line}`].filter((part) => part !== '').join(', ');
    this.#found.push({ path, rule: where === '' ? rule : `${rule} (${where})`, fix });
  }
}
