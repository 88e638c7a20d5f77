import type { Kind } from '../meta/kind.ts';
import type { KubeObject } from '../meta/object.ts';
import { structuralSchema } from '../meta/object-schema.ts';
import { isRecord } from '../schema/object.ts';
import type { OpenApiSchema } from '../schema/open-api.ts';

/**
 * A copy of `object` with all defaults filled in: those of the CRD, and those that hang on other fields and so need a
 * webhook. Applying them twice changes nothing more.
 */
export function applyDefaults<T extends KubeObject>(kind: Kind<T>, object: T): T {
  const copy = applySchemaDefaults(kind, object);
  kind.completeDefaults?.(copy);
  return copy;
}

/**
 * A copy of `object` with the defaults of the CRD, as the API server fills them in: a default needs its parent, and fields
 * that are null count as absent.
 */
export function applySchemaDefaults<T extends KubeObject>(kind: Kind<T>, object: T): T {
  const copy = structuredClone(object);
  fill(structuralSchema(kind), copy);
  return copy;
}

function fill(schema: OpenApiSchema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const item of value) fill(schema.items, item);
  } else if (isRecord(value)) {
    fillFields(schema.properties ?? {}, value);
    if (schema.additionalProperties !== undefined) fillEntries(schema.additionalProperties, value);
  }
}

function fillFields(fields: Record<string, OpenApiSchema>, value: Record<string, unknown>): void {
  for (const [name, field] of Object.entries(fields)) {
    if (value[name] === null) delete value[name];
    if (field.default !== undefined) value[name] ??= structuredClone(field.default);
    if (name in value) fill(field, value[name]);
  }
}

function fillEntries(schema: OpenApiSchema, map: Record<string, unknown>): void {
  for (const [key, entry] of Object.entries(map)) {
    if (entry === null) delete map[key];
    else fill(schema, entry);
  }
}
