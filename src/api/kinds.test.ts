import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { kinds } from './kinds.ts';
import type { Kind } from './meta/kind.ts';
import { structuralSchema } from './meta/object-schema.ts';
import { resourceName } from './meta/resource.ts';
import type { OpenApiSchema } from './schema/open-api.ts';

/** What users of the original know by heart: names, and columns as `name=jsonPath`. */
const known: Record<string, { shortNames: string[]; category: string; labels: string[]; columns: string[] }> = {
  'hardware.tinkerbell.org': {
    shortNames: ['hw'],
    category: 'tinkerbell',
    labels: ['clusterctl.cluster.x-k8s.io=', 'clusterctl.cluster.x-k8s.io/move='],
    columns: ['State=.status.state'],
  },
  'templates.tinkerbell.org': {
    shortNames: ['tpl'],
    category: 'tinkerbell',
    labels: [],
    columns: ['State=.status.state'],
  },
  'workflows.tinkerbell.org': {
    shortNames: ['wf'],
    category: 'tinkerbell',
    labels: [],
    columns: [
      'Template=.spec.templateRef',
      'State=.status.state',
      'Task=.status.currentState.taskName (wide)',
      'Action=.status.currentState.actionName',
      'Agent=.status.currentState.agentID',
      'Hardware=.spec.hardwareRef',
      'Template-Rendering=.status.templateRendering (wide)',
    ],
  },
  'workflowrulesets.tinkerbell.org': { shortNames: ['wrs'], category: 'tinkerbell', labels: [], columns: [] },
  'machines.bmc.tinkerbell.org': {
    shortNames: [],
    category: 'tinkerbell',
    labels: ['clusterctl.cluster.x-k8s.io=', 'clusterctl.cluster.x-k8s.io/move='],
    columns: [],
  },
  'jobs.bmc.tinkerbell.org': { shortNames: ['j'], category: 'tinkerbell', labels: [], columns: [] },
  'tasks.bmc.tinkerbell.org': { shortNames: ['t'], category: 'tinkerbell', labels: [], columns: [] },
  ...Object.fromEntries(
    (
      [
        ['tinkerbellclusters', ['Cluster=.metadata.labels.cluster\\.x-k8s\\.io/cluster-name', 'Ready=.status.ready']],
        ['tinkerbellclustertemplates', []],
        [
          'tinkerbellmachines',
          [
            'Cluster=.metadata.labels.cluster\\.x-k8s\\.io/cluster-name',
            'State=.status.instanceState',
            'Ready=.status.ready',
            'InstanceID=.spec.providerID',
            'Machine=.metadata.ownerReferences[?(@.kind=="Machine")].name',
          ],
        ],
        ['tinkerbellmachinetemplates', []],
      ] as [string, string[]][]
    ).map(([plural, columns]) => [
      `${plural}.infrastructure.cluster.x-k8s.io`,
      {
        shortNames: [],
        category: 'cluster-api',
        labels: [
          'clusterctl.cluster.x-k8s.io=',
          'cluster.x-k8s.io/provider=infrastructure-tinkerbell',
          'cluster.x-k8s.io/v1beta1=v1beta1',
          'cluster.x-k8s.io/v1beta2=v1beta1',
        ],
        columns,
      },
    ]),
  ),
};

describe('the kinds', () => {
  it('are those of the original and the cluster template', () => {
    assert.deepEqual(kinds.map(resourceName).sort(), Object.keys(known).sort());
  });

  for (const kind of kinds) {
    const expected = known[resourceName(kind)];

    it(`${kind.kind} of ${kind.group} keeps its names, labels and columns`, () => {
      assert.ok(expected !== undefined);
      assert.deepEqual(kind.shortNames, expected.shortNames);
      assert.deepEqual(kind.categories, [expected.category]);
      assert.deepEqual(
        Object.entries(kind.labels).map(([name, value]) => `${name}=${value}`),
        expected.labels,
      );
      assert.equal(kind.listKind, `${kind.kind}List`);
      assert.equal(kind.singular, kind.kind.toLowerCase());
      const columns = kind.columns.map(
        ({ name, jsonPath, priority }) => `${name}=${jsonPath}${priority === undefined ? '' : ' (wide)'}`,
      );
      // Ours may come in between, but not in front of or instead of the old ones, and these keep their order.
      assert.deepEqual(
        columns.filter((column) => expected.columns.includes(column)),
        expected.columns,
      );
    });

    it(`${kind.kind} of ${kind.group} says what each field means`, () => {
      assert.deepEqual(undescribed(kind), []);
    });
  }
});

function undescribed(kind: Kind): string[] {
  const silent: string[] = [];
  const visit = (schema: OpenApiSchema, path: string): void => {
    // The API server brings its own words for metadata.
    if (path === '.metadata') return;
    if (!/^[^ ].*[.)]$/s.test(schema.description ?? '')) silent.push(path);
    for (const [name, child] of Object.entries(schema.properties ?? {})) visit(child, `${path}.${name}`);
    if (schema.items !== undefined) visit(schema.items, `${path}[]`);
    if (schema.additionalProperties !== undefined) visit(schema.additionalProperties, `${path}.<key>`);
  };
  visit(structuralSchema(kind), '');
  return silent;
}
