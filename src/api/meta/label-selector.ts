import type * as z from 'zod';
import { list, map } from '../schema/collection.ts';
import { object, required } from '../schema/object.ts';
import { text } from '../schema/scalar.ts';

/** Chooses objects by their labels (`metav1.LabelSelector`); all parts must hold, an empty one chooses everything. */
export const labelSelector = object(
  'Which labels the objects must carry. All parts must hold; without any part every object is chosen.',
  {
    matchLabels: map('Labels that must be there with just these values.', text('Value of the label.')),
    matchExpressions: list(
      'Conditions on single labels.',
      object('A condition on one label.', {
        key: required(text('Name of the label.')),
        operator: required(text('`In`, `NotIn`, `Exists` or `DoesNotExist`.')),
        values: list('Values for `In` and `NotIn`; empty for the others.', text('A value.'), { merge: 'atomic' }),
      }),
      { merge: 'atomic' },
    ),
  },
  { atomic: true },
);

export type LabelSelector = z.infer<typeof labelSelector>;
