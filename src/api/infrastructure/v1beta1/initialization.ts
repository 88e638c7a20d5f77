import { object } from '../../schema/object.ts';
import { flag } from '../../schema/scalar.ts';

/** `status.initialization`, by which Cluster API core learns that the first part is done. */
export function initialization(description: string) {
  return object(
    'Whether the object was ever brought up.',
    { provisioned: flag(description) },
    { minProperties: 1, countFix: 'set provisioned, or leave initialization out' },
  );
}
