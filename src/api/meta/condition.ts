import type * as z from 'zod';
import { list } from '../schema/collection.ts';
import { object, required } from '../schema/object.ts';
import { choice, int64, text, time } from '../schema/scalar.ts';

const condition = object('One aspect of the state of the object.', {
  type: required(
    text('What it is about, CamelCase; the summary is `Ready`.', {
      maxLength: 316,
      pattern: {
        source:
          '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
        fix: 'write one CamelCase word, with a domain and a slash before it if it needs one',
      },
    }),
  ),
  status: required(choice('Whether it holds.', ['True', 'False', 'Unknown'])),
  reason: required(
    text('Why, as one CamelCase word for programs.', {
      minLength: 1,
      maxLength: 1024,
      pattern: {
        source: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
        fix: 'write one word of letters, digits and _, that begins with a letter',
      },
    }),
  ),
  message: required(text('Why, for people; may be empty.', { maxLength: 32768 })),
  lastTransitionTime: required(time('When `status` last changed.')),
  observedGeneration: int64('`metadata.generation` of the object that was looked at.', { minimum: 0 }),
});

/** A condition as `metav1.Condition` has it. `lastTransitionTime` changes with `status` only. */
export type Condition = z.infer<typeof condition>;

/** `status.conditions` of a kind; merged entry by entry, keyed by `type`. */
export function conditions(description: string) {
  return list(description, condition, { merge: { keys: ['type'] } });
}
