import type { StatusCause, StatusReason } from '../client/errors.ts';
import type { JsonPatchOperation } from '../client/options.ts';

/** What a webhook says. */
export type AdmissionVerdict =
  | { allowed: true; patch?: JsonPatchOperation[]; warnings?: readonly string[] | undefined }
  | { allowed: false; status: AdmissionStatus; warnings?: readonly string[] | undefined };

/** Why not (`metav1.Status`). */
export interface AdmissionStatus {
  code: number;
  reason: StatusReason;
  message: string;
  details?: { name?: string; group?: string; kind?: string; causes?: StatusCause[] };
}

/** The AdmissionReview that answers request `uid`. */
export function encodeVerdict(uid: string, verdict: AdmissionVerdict): object {
  const { allowed, warnings } = verdict;
  const response: Record<string, unknown> = { uid, allowed };
  if (!verdict.allowed) response['status'] = { status: 'Failure', ...verdict.status };
  else if (verdict.patch !== undefined && verdict.patch.length > 0) {
    response['patchType'] = 'JSONPatch';
    response['patch'] = Buffer.from(JSON.stringify(verdict.patch)).toString('base64');
  }
  if (warnings !== undefined && warnings.length > 0) response['warnings'] = warnings;
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
