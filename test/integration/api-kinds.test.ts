import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import type { CustomResourceDefinition } from '../../src/api/apiextensions/custom-resource-definition.ts';
import { kinds } from '../../src/api/kinds.ts';
import { structuralSchema } from '../../src/api/meta/object-schema.ts';
import { resourceName } from '../../src/api/meta/resource.ts';
import type { OpenApiSchema } from '../../src/api/schema/open-api.ts';
import { collectionPath, installCrds } from '../support/api-crds.ts';
import { samples } from '../support/api-samples.ts';
import { ApiServer } from '../support/api-server.ts';
import { testControlPlane } from '../support/control-plane.ts';

interface ApiResource {
  name: string;
  kind: string;
  singularName: string;
  shortNames?: string[];
  categories?: string[];
}

interface Table {
  columnDefinitions: { name: string; priority: number }[];
  rows: { cells: unknown[] }[];
}

describe('our kinds on a real API server', () => {
  let server: ApiServer;
  let namespace: string;
  let crds: CustomResourceDefinition[];

  before(async () => {
    server = new ApiServer(testControlPlane().adminCredentials);
    crds = await installCrds(server);
    namespace = await server.makeNamespace('api-kinds');
  });
  after(async () => server[Symbol.asyncDispose]());

  it('are established, with all their names and without complaint about the schema', () => {
    for (const crd of crds) {
      const conditions = Object.fromEntries((crd.status?.conditions ?? []).map(({ type, status }) => [type, status]));
      assert.deepEqual(conditions, { NamesAccepted: 'True', Established: 'True' }, crd.metadata.name);
    }
  });

  it('come back as they were sent: the server dropped no part of a schema', () => {
    for (const [index, kind] of kinds.entries()) {
      assert.deepEqual(crds[index]?.spec.versions[0]?.schema?.openAPIV3Schema, structuralSchema(kind));
    }
  });

  it('are found by short names and categories', async () => {
    for (const kind of kinds) {
      const { resources } = await server.expect<{ resources: ApiResource[] }>(
        'GET',
        `/apis/${kind.group}/${kind.version}`,
      );
      const found = resources.find(({ name }) => name === kind.plural);
      assert.equal(found?.kind, kind.kind);
      assert.equal(found.singularName, kind.singular);
      assert.deepEqual(found.shortNames ?? [], kind.shortNames);
      assert.deepEqual(found.categories ?? [], kind.categories);
      const status = resources.some(({ name }) => name === `${kind.plural}/status`);
      assert.equal(status, kind.status !== undefined, `status subresource of ${kind.kind}`);
    }
  });

  it('show their columns', async () => {
    for (const sample of samples()) {
      const kind = kinds.find(
        (candidate) => candidate.kind === sample.kind && sample.apiVersion.startsWith(candidate.group),
      );
      assert.ok(kind !== undefined);
      await server.expect('POST', collectionPath(kind, namespace), sample);
    }
    for (const kind of kinds) {
      const table = await server.expect<Table>(
        'GET',
        collectionPath(kind, namespace),
        undefined,
        'application/json;as=Table;v=v1;g=meta.k8s.io',
      );
      const expected =
        kind.columns.length === 0
          ? [{ name: 'Age', priority: 0 }]
          : kind.columns.map(({ name, priority }) => ({ name, priority: priority ?? 0 }));
      const shown = table.columnDefinitions.map(({ name, priority }) => ({ name, priority }));
      assert.deepEqual(shown, [{ name: 'Name', priority: 0 }, ...expected]);
      assert.ok(table.rows.length > 0, `no ${kind.kind} to show`);
    }
  });

  it('show what the columns promise', async () => {
    const cellsOf = async (plural: string, name: string): Promise<Record<string, unknown>> => {
      const kind = kinds.find((candidate) => resourceName(candidate) === plural);
      assert.ok(kind !== undefined);
      const path = `${collectionPath(kind, namespace)}/${name}`;
      const table = await server.expect<Table>('GET', path, undefined, 'application/json;as=Table;v=v1;g=meta.k8s.io');
      return Object.fromEntries(
        table.columnDefinitions.map((column, index) => [column.name, table.rows[0]?.cells[index]]),
      );
    };
    const hardware = await cellsOf('hardware.tinkerbell.org', 'rack1-node3');
    assert.equal(hardware['Owner'], 'demo-md-0-abcde');
    assert.equal(hardware['MAC'], '02:00:5e:00:53:33');
    assert.equal(hardware['Address'], '192.0.2.33');
    const workflow = await cellsOf('workflows.tinkerbell.org', 'demo-control-plane-x2x9k');
    assert.equal(workflow['Hardware'], 'rack1-node3');
    const machine = await cellsOf('tinkerbellmachines.infrastructure.cluster.x-k8s.io', 'demo-md-0-abcde');
    assert.equal(machine['InstanceID'], 'tinkerbell://default/rack1-node3');
  });

  it('explain every field', async () => {
    for (const kind of kinds) {
      const published = await eventually(async () => {
        const path = `/openapi/v3/apis/${kind.group}/${kind.version}`;
        const { status, body } = await server.send('GET', path);
        const { components } = body as { components?: { schemas?: Record<string, OpenApiSchema> } };
        const schemas = Object.entries(components?.schemas ?? {});
        return status === 200 ? schemas.find(([name]) => name.endsWith(`.${kind.kind}`))?.[1] : undefined;
      });
      assert.equal(published.description, kind.description);
      const { spec } = structuralSchema(kind).properties ?? {};
      assert.deepEqual(descriptions(published.properties?.['spec'] ?? {}), descriptions(spec ?? {}));
    }
  });
});

/** Descriptions by path. */
function descriptions(schema: OpenApiSchema, path = ''): Record<string, string> {
  const children: [string, OpenApiSchema][] = [
    ...Object.entries(schema.properties ?? {}).map(([name, child]): [string, OpenApiSchema] => [
      `${path}.${name}`,
      child,
    ]),
    ...(schema.items === undefined ? [] : [[`${path}[]`, schema.items] satisfies [string, OpenApiSchema]]),
  ];
  return Object.assign(
    schema.description === undefined ? {} : { [path]: schema.description },
    ...children.map(([childPath, child]) => descriptions(child, childPath)),
  );
}

/** The API server publishes the documentation of a CRD a moment after it serves it. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('not there after 20 s');
    await sleep(100);
  }
}
