import { map } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { text } from '../../schema/scalar.ts';

/** `spec.template.metadata`: what Cluster API core copies onto the object made from a template. */
export const templateMetadata = object('Labels and annotations of the objects made from the template.', {
  labels: map('Labels.', text('A value.')),
  annotations: map('Annotations.', text('A value.')),
});
