import * as z from 'zod';
import type { KubeObject } from '../../api/meta/object.ts';
import { isJsonObject } from '../objects/json.ts';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** What the API server asks a webhook about. */
export interface AdmissionRequest<T extends KubeObject = KubeObject> {
  uid: string;
  operation: AdmissionOperation;
  /** Kind of `object`, as the webhook registered for it. */
  kind: { group: string; version: string; kind: string };
  /** Empty while the server has still to make a name of `generateName`. */
  name: string;
  namespace?: string | undefined;
  /** `status`, `scale`, …; absent for the object itself. */
  subresource?: string | undefined;
  /** Nothing will be stored: no side effects, not even reversible ones. */
  dryRun: boolean;
  userInfo: { username?: string | undefined; uid?: string | undefined; groups?: string[] | undefined };
  /** As it would be stored; absent on DELETE. */
  object?: T | undefined;
  /** As it is stored; absent on CREATE. */
  oldObject?: T | undefined;
  /** Aborts when nobody waits for the verdict any more. */
  signal: AbortSignal;
}

/** What came is no AdmissionReview; the message says where it goes wrong. */
export class MalformedReview extends Error {
  override readonly name = 'MalformedReview';
}

const text = z.string().nullish();
const kubeObject = z
  .custom<KubeObject>(
    (value) => isJsonObject(value) && isJsonObject(value['metadata']),
    'must be an object with metadata',
  )
  .nullish();

const review = z.object({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.object({
    uid: z.string().min(1),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    kind: z.object({ group: z.string(), version: z.string(), kind: z.string() }),
    name: text,
    namespace: text,
    subResource: text,
    dryRun: z.boolean().nullish(),
    userInfo: z.object({ username: text, uid: text, groups: z.array(z.string()).nullish() }).nullish(),
    object: kubeObject,
    oldObject: kubeObject,
  }),
});

/**
 * Reads the request out of an AdmissionReview v1.
 * @throws MalformedReview
 */
export function decodeReview(body: unknown): Omit<AdmissionRequest, 'signal'> {
  const parsed = review.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
    throw new MalformedReview(`not an AdmissionReview of admission.k8s.io/v1: ${problems.join('; ')}`);
  }
  const { uid, operation, kind, name, namespace, subResource, dryRun, userInfo, object, oldObject } =
    parsed.data.request;
  return {
    uid,
    operation,
    kind,
    name: name || object?.metadata.name || oldObject?.metadata.name || '',
    namespace: namespace || undefined,
    subresource: subResource || undefined,
    dryRun: dryRun ?? false,
    userInfo: {
      username: userInfo?.username ?? undefined,
      uid: userInfo?.uid ?? undefined,
      groups: userInfo?.groups ?? undefined,
    },
    object: object ?? undefined,
    oldObject: oldObject ?? undefined,
  };
}
