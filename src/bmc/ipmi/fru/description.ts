import type { AreaName } from './layout.ts';

/** What a FRU inventory says of the machine. */
export interface FruDescription {
  manufacturer?: string;
  model?: string;
  serialNumber?: string;
}

type Areas = Partial<Record<AreaName, readonly string[]>>;

/** Place of a fact among the fields of the areas (FRU definition §10–§12), the best source first. */
const sources: Record<keyof FruDescription, readonly (readonly [AreaName, number])[]> = {
  manufacturer: [
    ['product', 0],
    ['board', 0],
  ],
  model: [
    ['product', 1],
    ['board', 1],
  ],
  serialNumber: [
    ['product', 4],
    ['chassis', 1],
    ['board', 2],
  ],
};

/** What vendors leave in fields that nobody filled. */
const blank = /^(|0+|none|n\/a|unknown|not specified|default string|to be filled by o\.?e\.?m\.?)$/i;

export function describeFru(areas: Areas): FruDescription {
  const description: FruDescription = {};
  for (const fact of Object.keys(sources) as (keyof FruDescription)[]) {
    const values = sources[fact].map(([area, index]) => areas[area]?.[index] ?? '');
    const value = values.find((text) => !blank.test(text));
    if (value !== undefined) description[fact] = value;
  }
  return description;
}
