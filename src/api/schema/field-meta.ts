import * as z from 'zod';
import type { OpenApiSchema } from './open-api.ts';

/**
 * What a schema says about a field besides its type: the OpenAPI keywords that go into the CRD, and notes for the
 * documentation (`x-capt-*`, which never reach the CRD as such).
 */
export interface FieldMeta extends Omit<OpenApiSchema, 'properties' | 'items' | 'additionalProperties' | 'required'> {
  /** Meaning and units, in one or two sentences. */
  description?: string;
  /** Who writes the field; children inherit it. */
  'x-capt-writer'?: string;
  /** Each rule in words, with the way out of a violation. */
  'x-capt-rules'?: string[];
}

/** The notes of every schema of `src/api`. Our own registry, so that nobody else's zod schemas show up in it. */
export const fieldMeta = z.registry<FieldMeta>();

/** Attaches notes to a schema and gives it back. */
export function withMeta<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
  fieldMeta.add(schema, meta);
  return schema;
}
