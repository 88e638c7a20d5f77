import { readFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import { CustomResourceDefinition } from '../../src/api/apiextensions/custom-resource-definition.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { eventually } from '../../test/faults/eventually.ts';

const crdFile = new URL('../../config/crd/tinkerbell.org_hardware.yaml', import.meta.url);

/** Installs the real CRD and waits until its objects are served. */
export async function installHardwareCrd(client: Client): Promise<void> {
  await client.create(CustomResourceDefinition, yaml.load(readFileSync(crdFile, 'utf8')) as CustomResourceDefinition);
  await eventually(async () => {
    await client.list(Hardware);
  });
}
