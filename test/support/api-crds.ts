import { setTimeout as sleep } from 'node:timers/promises';
import type { CustomResourceDefinition } from '../../src/api/apiextensions/custom-resource-definition.ts';
import { crdOf } from '../../src/api/generate/crd.ts';
import { toYaml } from '../../src/api/generate/yaml.ts';
import { kinds } from '../../src/api/kinds.ts';
import type { Kind } from '../../src/api/meta/kind.ts';
import { resourceName } from '../../src/api/meta/resource.ts';
import type { ApiServer } from './api-server.ts';

const crdPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const deadlineMs = 20_000;

/**
 * Installs every CRD and waits until each can be used; returns them as the server has them. Installing twice is fine.
 * Sent as the YAML that users apply, so that the server's YAML parser reads it and not ours.
 */
export async function installCrds(server: ApiServer): Promise<CustomResourceDefinition[]> {
  for (const kind of kinds) {
    const { status, body } = await server.send('POST', crdPath, toYaml(crdOf(kind)));
    if (status !== 201 && status !== 409) throw new Error(`CRD of ${kind.kind}: ${JSON.stringify(body)}`);
  }
  return Promise.all(kinds.map((kind) => established(server, kind)));
}

async function established(server: ApiServer, kind: Kind): Promise<CustomResourceDefinition> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const crd = await server.expect<CustomResourceDefinition>('GET', `${crdPath}/${resourceName(kind)}`);
    const isTrue = (type: string) =>
      crd.status?.conditions?.find((condition) => condition.type === type)?.status === 'True';
    if (isTrue('Established') && isTrue('NamesAccepted') && (await served(server, kind))) return crd;
    if (Date.now() > deadline) throw new Error(`${crd.metadata.name}: ${JSON.stringify(crd.status?.conditions)}`);
    await sleep(50);
  }
}

/** Established comes a moment before the resource answers. */
async function served(server: ApiServer, kind: Kind): Promise<boolean> {
  const { status } = await server.send('GET', collectionPath(kind, 'default'));
  return status === 200;
}

/** Where the objects of a kind in a namespace are. */
export function collectionPath(kind: Kind, namespace: string): string {
  return `/apis/${kind.group}/${kind.version}/namespaces/${namespace}/${kind.plural}`;
}
