import type * as z from 'zod';
import { labelSelector } from '../../meta/label-selector.ts';
import { list } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { int32 } from '../../schema/scalar.ts';

const term = object('Chooses Hardware by labels.', { labelSelector: required(labelSelector) });

/** Which Hardware a machine may become. */
export const hardwareAffinity = object('Which Hardware the machine may become.', {
  required: list('Hardware that fits one of these is taken, no other.', term),
  preferred: list(
    'Among these the Hardware with the greatest sum of weights is taken first.',
    object('A wish with its weight.', {
      weight: required(int32('How much it counts, from 1 to 100.', { minimum: 1, maximum: 100 })),
      hardwareAffinityTerm: required(term),
    }),
  ),
});

export type HardwareAffinity = z.infer<typeof hardwareAffinity>;
