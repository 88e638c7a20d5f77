import * as z from 'zod';
import { type FieldMeta, fieldMeta } from './field-meta.ts';

/** JSON schema as zod writes it, with our notes merged in. */
export interface AnnotatedSchema extends FieldMeta {
  properties?: Record<string, AnnotatedSchema>;
  required?: string[];
  items?: AnnotatedSchema;
  additionalProperties?: AnnotatedSchema | boolean;
  [keyword: string]: unknown;
}

/** The JSON schema of a zod schema together with the notes on its fields. Throws on types JSON cannot say. */
export function annotated(schema: z.ZodType): AnnotatedSchema {
  return z.toJSONSchema(schema, {
    metadata: fieldMeta,
    target: 'openapi-3.0',
    unrepresentable: 'throw',
  }) as AnnotatedSchema;
}
