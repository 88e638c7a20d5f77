import type { KubeObject } from '../../api/meta/object.ts';
import type { AdmissionOperation } from './admission-request.ts';

export interface FakeReview {
  operation?: AdmissionOperation;
  object?: KubeObject | null;
  oldObject?: KubeObject | null;
  dryRun?: boolean;
  kind?: { group: string; version: string; kind: string };
  name?: string;
  subResource?: string;
}

/** An AdmissionReview as the API server sends it, for tests. */
export function fakeReview(review: FakeReview = {}): object {
  const { object = null, oldObject = null, operation = 'CREATE', dryRun = false } = review;
  const known = object ?? oldObject;
  const [group = '', version = ''] = known?.apiVersion.includes('/')
    ? known.apiVersion.split('/')
    : ['', known?.apiVersion ?? ''];
  const kind = review.kind ?? { group, version, kind: known?.kind ?? '' };
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'f0f0f0f0-0000-4000-8000-000000000001',
      kind,
      resource: { group, version, resource: `${kind.kind.toLowerCase()}s` },
      requestKind: kind,
      name: review.name ?? known?.metadata.name ?? '',
      namespace: known?.metadata.namespace ?? '',
      ...(review.subResource ? { subResource: review.subResource } : {}),
      operation,
      userInfo: { username: 'jane', uid: '7', groups: ['system:authenticated'], extra: { scopes: ['a'] } },
      object,
      oldObject,
      dryRun,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  };
}
