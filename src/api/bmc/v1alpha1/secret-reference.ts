import { object } from '../../schema/object.ts';
import { text } from '../../schema/scalar.ts';

/** A Secret by name and namespace. */
export function secretReference(description: string) {
  return object(
    description,
    { name: text('Name of the Secret.'), namespace: text('Namespace of the Secret.') },
    { atomic: true },
  );
}
