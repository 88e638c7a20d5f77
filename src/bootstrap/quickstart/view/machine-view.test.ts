import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Machine } from '../../../api/capi/v1beta2/machine.ts';
import type { Node } from '../../../api/core/node.ts';
import type { TinkerbellMachine } from '../../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { Workflow } from '../../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { type MachineFacts, machineViews } from './machine-view.ts';

const at = '2026-01-01T00:00:00Z';
const condition = (type: string, status: 'True' | 'False', message: string) => {
  return { type, status, reason: 'Because', message, lastTransitionTime: at };
};

function machine(change: { spec?: object; status?: object; metadata?: object } = {}): Machine {
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: { name: 'm', ...change.metadata },
    spec: {
      clusterName: 'c',
      bootstrap: { dataSecretName: 's' },
      infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'TinkerbellMachine', name: 't' },
      ...change.spec,
    },
    status: change.status ?? {},
  };
}

function infrastructure(
  spec: NonNullable<TinkerbellMachine['spec']>,
  status: NonNullable<TinkerbellMachine['status']> = {},
  metadata = {},
): TinkerbellMachine {
  const apiVersion = 'infrastructure.cluster.x-k8s.io/v1beta1';
  return { apiVersion, kind: 'TinkerbellMachine', metadata: { name: 't', ...metadata }, spec, status };
}

function workflow(status: WorkflowStatus, name = 'w', createdAt = at): Workflow {
  const metadata = { name, creationTimestamp: createdAt };
  return { apiVersion: 'tinkerbell.org/v1alpha1', kind: 'Workflow', metadata, spec: { hardwareRef: 'h' }, status };
}

function node(ready: 'True' | 'False'): Node {
  const message = 'container runtime network not ready:\nno CNI configuration';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    spec: { providerID: 'tinkerbell://default/h' },
    status: { conditions: [{ type: 'Ready', status: ready, message }] },
  } as Node;
}

const claimed = infrastructure({ hardwareName: 'h' });
const installed = infrastructure({ hardwareName: 'h' }, { initialization: { provisioned: true } });
const nothing: MachineFacts = { machines: [machine()], infrastructure: [], workflows: [], nodes: [] };
const actions = [
  { id: '1', name: 'stream image', state: 'RUNNING' },
  { id: '2', name: 'kexec', state: 'PENDING' },
];
const tasks = [{ id: 't', name: 't', agentID: 'a', actions }];
const running = { state: 'RUNNING', tasks, currentState: { actionID: '1' } } as WorkflowStatus;
const provider = { providerID: 'tinkerbell://default/h' };

describe('what a machine does, for a person', () => {
  const step = (facts: Partial<MachineFacts>) => machineViews({ ...nothing, ...facts })[0];
  const during = (status: WorkflowStatus) => step({ infrastructure: [claimed], workflows: [workflow(status)] });

  const waiting = machine({
    spec: { bootstrap: {} },
    status: { conditions: [condition('BootstrapConfigReady', 'False', '* A: control\nplane * B: more')] },
  });
  const rows: [string, Partial<MachineFacts>, string][] = [
    ['has no bootstrap data', { machines: [waiting] }, 'waits for its bootstrap data: A: control plane'],
    ['has no infrastructure', {}, 'waits for its TinkerbellMachine'],
    ['has no host', { infrastructure: [infrastructure({})] }, 'looks for a host'],
    [
      'has no host, and it is known why',
      { infrastructure: [infrastructure({}, { conditions: [condition('Ready', 'False', 'no Hardware fits')] })] },
      'no Hardware fits',
    ],
    [
      'is installed',
      { infrastructure: [installed] },
      'is installed; boots its operating system, and kubeadm makes it a node',
    ],
    [
      'has a node that cannot be looked at',
      { machines: [machine({ spec: provider, status: { nodeRef: { name: 'n' } } })], infrastructure: [installed] },
      'is node n, as Cluster API has seen; its cluster does not answer now',
    ],
    [
      'has a node that is not ready',
      { machines: [machine({ spec: provider })], infrastructure: [installed], nodes: [node('False')] },
      'is node n, not ready yet: container runtime network not ready: no CNI configuration',
    ],
    [
      'has a node nobody has seen',
      { machines: [machine({ spec: provider })], infrastructure: [installed], nodes: [node('True')] },
      'is node n; Cluster API has not seen it yet',
    ],
    [
      'is being deleted',
      {
        machines: [machine({ metadata: { deletionTimestamp: at } })],
        infrastructure: [infrastructure({ hardwareName: 'h' }, {}, { deletionTimestamp: at })],
        workflows: [workflow(running)],
      },
      'is given back: stream image (1 of 2)',
    ],
    [
      'is drained before it is deleted',
      {
        machines: [
          machine({
            metadata: { deletionTimestamp: at },
            status: { conditions: [condition('Deleting', 'False', 'Drain not completed')] },
          }),
        ],
        infrastructure: [installed],
      },
      'is given back: Drain not completed',
    ],
  ];
  for (const [what, facts, expected] of rows) {
    it(`when it ${what}`, () => assert.deepEqual([step(facts)?.step, step(facts)?.running], [expected, false]));
  }

  const states: [WorkflowStatus, RegExp][] = [
    [{}, /about to begin/],
    [{ state: 'PREPARING' }, /^its BMC is told to boot it from the network$/],
    [
      { state: 'PREPARING', conditions: [{ type: 'BootJobFailed', status: 'True', message: 'no answer' }] },
      /from the network: no answer$/,
    ],
    [{ state: 'PENDING' }, /boots the installer/],
    [{ state: 'RUNNING' }, /its actions run/],
    [running, /^stream image \(1 of 2\)$/],
    [{ state: 'POST' }, /actions are done/],
    [
      {
        state: 'FAILED',
        tasks: [{ ...tasks[0], actions: [{ id: '1', name: 'a', state: 'FAILED', message: 'x\u001by' }] }],
      } as WorkflowStatus,
      /^its workflow has failed: a: x y$/,
    ],
    [{ state: 'TIMEOUT' }, /^its workflow has failed$/],
  ];
  for (const [status, expected] of states) {
    it(`while its workflow is ${status.state ?? 'new'}: ${expected.source}`, () => {
      assert.match(during(status)?.step ?? '', expected);
    });
  }

  it('with how far an image is', () => {
    const progress = { actionID: '1', bytes: 3e8, totalBytes: 9e8, bytesPerSecond: 45e6, etaSeconds: 13, percent: 33 };
    const view = during({ ...running, progress });
    assert.equal(view?.amounts, '300 of 900 MB (33 %), 45 MB/s, 13 s left');
    assert.equal(view?.percent, 33);
    // What was said of another action means nothing.
    assert.equal(during({ ...running, progress: { ...progress, actionID: '0' } })?.amounts, undefined);
  });

  it('looks at the newest workflow only', () => {
    const workflows = [workflow({ state: 'PENDING' }, 'b', '2026-01-02T00:00:00Z'), workflow({ state: 'FAILED' }, 'a')];
    assert.match(step({ infrastructure: [claimed], workflows })?.step ?? '', /boots the installer/);
  });

  it('says that it runs only when Cluster API says so and its node is ready', () => {
    const status = { nodeRef: { name: 'n' }, phase: 'Running' };
    const facts = { machines: [machine({ spec: provider, status })], infrastructure: [installed] };
    assert.deepEqual(step({ ...facts, nodes: [node('True')] }), {
      name: 'm',
      role: 'worker',
      host: 'h',
      step: 'runs as node n',
      running: true,
    });
    assert.equal(step({ ...facts, nodes: [node('False')] })?.running, false);
    assert.equal(step({ ...facts, nodes: [] })?.running, false);
    const provisioned = [machine({ spec: provider, status: { ...status, phase: 'Provisioned' } })];
    assert.equal(step({ ...facts, machines: provisioned, nodes: [node('True')] })?.running, false);
  });

  it('puts control planes first', () => {
    const labels = { 'cluster.x-k8s.io/control-plane': '' };
    const machines = [machine({ metadata: { name: 'a' } }), machine({ metadata: { name: 'b', labels } })];
    assert.deepEqual(
      machineViews({ ...nothing, machines }).map(({ name, role }) => [name, role]),
      [
        ['b', 'control plane'],
        ['a', 'worker'],
      ],
    );
  });
});
