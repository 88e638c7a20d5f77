import type { BmcInventory } from '../../port.ts';
import { at, numberAt, textAt } from '../json.ts';

type Processor = BmcInventory['processors'][number];

/** A Processor resource (DSP2046 Processor); `undefined` for an empty socket and for what is not a CPU. */
export function processorOf(json: unknown): Processor | undefined {
  const type = textAt(json, 'ProcessorType');
  if ((type !== undefined && type.toUpperCase() !== 'CPU') || isAbsent(json)) return undefined;
  const model = textAt(json, 'Model') ?? textAt(json, 'Name');
  const cores = positive(numberAt(json, 'TotalCores'));
  const threads = positive(numberAt(json, 'TotalThreads'));
  return {
    ...(model === undefined ? {} : { model }),
    ...(cores === undefined ? {} : { cores }),
    ...(threads === undefined ? {} : { threads }),
  };
}

/** Whether a slot is empty: BMCs list all there are. */
export function isAbsent(json: unknown): boolean {
  return textAt(at(json, 'Status'), 'State') === 'Absent';
}

export function positive(number: number | undefined): number | undefined {
  return number !== undefined && number > 0 ? number : undefined;
}
