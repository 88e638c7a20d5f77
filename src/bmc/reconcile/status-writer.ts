import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import type { Task } from '../../api/bmc/v1alpha1/task.ts';
import type { Resource } from '../../api/meta/resource.ts';
import type { Client } from '../../kube/client/client.ts';
import { equalJson } from '../../kube/objects/json.ts';
import { nameOf } from '../../kube/objects/name-of.ts';

/**
 * Writes a status, or nothing when it is there already. The uid keeps it from another object that took the name.
 * @returns the object afterwards
 */
export async function writeStatus<T extends Job | Machine | Task>(
  client: Client,
  kind: Resource<T>,
  object: T,
  status: NonNullable<T['status']>,
  signal: AbortSignal,
): Promise<T> {
  if (equalJson(object.status ?? {}, status)) return object;
  const patch = { metadata: { uid: object.metadata.uid }, status };
  return await client.mergePatch(kind, nameOf(object), patch, { subresource: 'status', signal });
}

/** Writes one annotation, `null` removes it. */
export async function writeAnnotation<T extends Job | Machine | Task>(
  client: Client,
  kind: Resource<T>,
  object: T,
  annotation: { key: string; value: string | null },
  signal: AbortSignal,
): Promise<T> {
  const { key, value } = annotation;
  if ((object.metadata.annotations?.[key] ?? null) === value) return object;
  const patch = { metadata: { uid: object.metadata.uid, annotations: { [key]: value } } };
  return await client.mergePatch(kind, nameOf(object), patch, { signal });
}
