import type * as z from 'zod';
import { annotated } from '../schema/annotated.ts';
import { list, map } from '../schema/collection.ts';
import { object, required } from '../schema/object.ts';
import type { OpenApiSchema } from '../schema/open-api.ts';
import { choice, text } from '../schema/scalar.ts';
import { structural } from '../schema/structural.ts';
import type { Kind } from './kind.ts';
import { apiVersionOf } from './resource.ts';

const name = text('Name of the object.', {
  maxLength: 253,
  pattern: {
    source: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
    fix: 'write lower-case letters, digits, - and ., with a letter or digit first and last',
  },
});

/** What we check of metadata; the API server knows the rest. */
const objectMeta = object('Metadata that every object has.', {
  name,
  generateName: text('Beginning of a name that the server completes.'),
  namespace: text('Namespace of the object.', {
    maxLength: 63,
    pattern: {
      source: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
      fix: 'write lower-case letters, digits and -, with a letter or digit first and last',
    },
  }),
  labels: map('Labels.', text('A value.')),
  annotations: map('Annotations.', text('A value.')),
  finalizers: list('Who has to clean up before the object may go.', text('A finalizer.')),
});

const wholeSchemas = new WeakMap<Kind, z.ZodType>();

/** The schema of a whole object of a kind: `apiVersion`, `kind`, `metadata`, `spec`, `status`. */
export function objectSchema(kind: Kind): z.ZodType {
  let schema = wholeSchemas.get(kind);
  if (schema === undefined) {
    schema = object(kind.description, {
      apiVersion: required(choice('API group and version.', [apiVersionOf(kind)])),
      kind: required(choice('Kind.', [kind.kind])),
      metadata: required(objectMeta),
      spec: kind.spec,
      ...(kind.status === undefined ? {} : { status: kind.status }),
    });
    wholeSchemas.set(kind, schema);
  }
  return schema;
}

const structuralSchemas = new WeakMap<Kind, OpenApiSchema>();

/** The structural schema of a kind, as its CRD carries it. */
export function structuralSchema(kind: Kind): OpenApiSchema {
  let schema = structuralSchemas.get(kind);
  if (schema === undefined) {
    schema = {
      type: 'object',
      description: kind.description,
      properties: {
        apiVersion: { type: 'string', description: `API group and version: \`${apiVersionOf(kind)}\`.` },
        kind: { type: 'string', description: `\`${kind.kind}\`.` },
        metadata: { type: 'object' },
        spec: structural(annotated(kind.spec), '.spec'),
        ...(kind.status === undefined ? {} : { status: structural(annotated(kind.status), '.status') }),
      },
    };
    structuralSchemas.set(kind, schema);
  }
  return schema;
}
