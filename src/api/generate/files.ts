import { kinds } from '../kinds.ts';
import { crdOf } from './crd.ts';
import { docsOf } from './docs.ts';
import { errorDocs } from './error-docs.ts';
import { toYaml } from './yaml.ts';

/** A file that is made from `src/api`; `path` is from the root of the checkout. */
export interface GeneratedFile {
  path: string;
  content: string;
}

/** The folder that holds nothing but generated files. */
export const crdFolder = 'config/crd';

/** Every generated file. */
export function generatedFiles(): GeneratedFile[] {
  const crds = kinds.map((kind) => ({
    path: `${crdFolder}/${kind.group}_${kind.plural}.yaml`,
    content: toYaml(crdOf(kind)),
  }));
  return [
    ...crds,
    { path: `${crdFolder}/Kustomization`, content: kustomization(crds) },
    { path: 'docs/api.md', content: docsOf(kinds) },
    { path: 'docs/errors.md', content: errorDocs() },
  ];
}

/** Named without `.yaml`: kustomize finds it, and `kubectl apply -f config/crd/` passes over it. */
function kustomization(crds: readonly GeneratedFile[]): string {
  return toYaml({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: crds.map(({ path }) => path.slice(crdFolder.length + 1)).sort(),
  });
}
