import { readFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import type { KubeObject } from '../../src/api/meta/object.ts';
import type { Resource } from '../../src/api/meta/resource.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { eventually } from '../../test/faults/eventually.ts';

export const namespaceResource: Resource<KubeObject> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

export const hardwareResource: Resource<KubeObject> = {
  group: 'tinkerbell.org',
  version: 'v1alpha1',
  kind: 'Hardware',
  plural: 'hardware',
  namespaced: true,
};

const crdResource: Resource<KubeObject> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

const crdFile = new URL('../../config/crd/bases/tinkerbell.org_hardware.yaml', import.meta.url);

/** Installs the real CRD and waits until its objects are served. */
export async function installHardwareCrd(client: Client): Promise<void> {
  await client.create(crdResource, yaml.load(readFileSync(crdFile, 'utf8')) as KubeObject);
  await eventually(async () => {
    await client.list(hardwareResource);
  });
}
