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

/** A copy of `object` with the defaults of the CRD, as the API server fills them in: a default needs its parent. */
export function applySchemaDefaults<T extends KubeObject>(kind: Kind<T>, object: T): T {
  const copy = structuredClone(object);
  fill(structuralSchema(kind), copy);
  return copy;
}

function fill(schema: OpenApiSchema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const item of value) fill(schema.items, item);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    // An explicit null takes the default too.
    if (child.default !== undefined) value[name] ??= structuredClone(child.default);
    if (name in value) fill(child, value[name]);
  }
  if (schema.additionalProperties !== undefined) {
    for (const entry of Object.values(value)) fill(schema.additionalProperties, entry);
  }
}
