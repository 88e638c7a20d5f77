import type { Resource } from '../../api/meta/resource.ts';

export type AdmissionHandlerType = 'mutating' | 'validating';

/** The path of a webhook as kubebuilder makes it: `/mutate-<group with dashes>-<version>-<kind>`. */
export function admissionPath(type: AdmissionHandlerType, { group, version, kind }: Resource): string {
  const verb = type === 'mutating' ? 'mutate' : 'validate';
  return `/${verb}-${group.replaceAll('.', '-')}-${version}-${kind.toLowerCase()}`;
}
