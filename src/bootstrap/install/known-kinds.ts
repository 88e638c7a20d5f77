import { CustomResourceDefinition } from '../../api/apiextensions/custom-resource-definition.ts';
import { Namespace } from '../../api/core/namespace.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../../kube/admission/webhook-configuration.ts';

export const ServiceAccount: Resource = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};

/** Kinds of a provider's manifests that mean something where its manager is a process and no pod, in the order to apply them. */
const beforeManager: readonly Resource[] = [
  Namespace,
  CustomResourceDefinition,
  ServiceAccount,
  rbac('ClusterRole', false),
  rbac('ClusterRoleBinding', false),
  rbac('Role', true),
  rbac('RoleBinding', true),
];

/** Kinds by which the API server starts to ask the manager. */
const afterManager: readonly Resource[] = [MutatingWebhookConfiguration, ValidatingWebhookConfiguration];

export interface Placed {
  resource: Resource;
  object: KubeObject;
}

/** The objects to apply before a manager runs and after, in order; what only means something to pods is left out. */
export function inOrder(objects: readonly KubeObject[]): { before: Placed[]; after: Placed[] } {
  const of = (resources: readonly Resource[]) =>
    resources.flatMap((resource) =>
      objects.filter(({ kind }) => kind === resource.kind).map((object) => ({ resource, object })),
    );
  return { before: of(beforeManager), after: of(afterManager) };
}

/** The resource of a kind of a provider's manifests. Throws for one that no provider has. */
export function knownResource(kind: string): Resource {
  const found = [...beforeManager, ...afterManager].find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`no provider has a ${kind} in its manifests`);
  return found;
}

function rbac(kind: string, namespaced: boolean): Resource {
  return { group: 'rbac.authorization.k8s.io', version: 'v1', kind, plural: `${kind.toLowerCase()}s`, namespaced };
}
