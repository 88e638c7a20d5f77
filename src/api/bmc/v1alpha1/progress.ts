import type { PrinterColumn } from '../../apiextensions/custom-resource-definition.ts';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { text, time } from '../../schema/scalar.ts';

/** The status that Job and Task share. */
export function progressStatus(description: string, types: string, writer: string) {
  return object(
    description,
    {
      conditions: list(
        'How far it is.',
        object('One aspect of the state.', {
          type: required(text(types)),
          status: required(text('`True` or `False`.')),
          message: text('What went wrong.'),
        }),
      ),
      startTime: time('When work began.'),
      completionTime: time('When it was done; absent after a failure.'),
    },
    { writer },
  );
}

/** Columns that show where a Job or Task stands. */
export const progressColumns: readonly PrinterColumn[] = [
  { name: 'Completed', type: 'string', jsonPath: '.status.conditions[?(@.type=="Completed")].status' },
  { name: 'Failed', type: 'string', jsonPath: '.status.conditions[?(@.type=="Failed")].status' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Failed")].message', priority: 1 },
];
