import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { kinds } from '../../src/api/kinds.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { Template } from '../../src/api/tinkerbell/v1alpha1/template.ts';
import { Workflow } from '../../src/api/tinkerbell/v1alpha1/workflow.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { eventually } from '../faults/eventually.ts';
import { Random } from '../faults/random.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { capt } from '../support/local-cli.ts';
import { ScriptedAgent } from '../support/scripted-agent.ts';
import { Serving } from '../support/serving.ts';
import { TestNamespace } from '../support/test-namespace.ts';

/** A Template as users have them: Go syntax, sprig, variables of the Workflow and of the Hardware. */
const template = `
version: "0.1"
name: install
global_timeout: 600
tasks:
  - name: os
    worker: "{{ .device_1 }}"
    environment:
      DISK: {{ index .Hardware.Disks 0 }}
    actions:
{{- range $i := until 3 }}
      - name: step-{{ $i }}
        image: quay.io/tinkerbell/actions/writefile:latest
        timeout: 60
        environment:
          MODE: 0644
          PARTITION: {{ formatPartition (index $.Hardware.Disks 0) (add $i 1 | int) }}
{{- end }}
`;

describe('capt serve --services workflow', function () {
  this.timeout(120_000);
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let serving: Serving;
  let agentPort: number;
  let httpPort: number;
  let stop: AbortController;
  let agents: Promise<unknown>[];

  before(async () => {
    own = await TestNamespace.create('serve');
    ({ client, name: namespace } = own);
    await installCrds(client, kinds);
    const metadata = { namespace, name: 'install' };
    await client.create(Template, { ...typed(Template), metadata, spec: { data: template } });
    agentPort = await chooseFreePort('127.0.0.1', { taken: [] });
    httpPort = await chooseFreePort('127.0.0.1', { taken: [agentPort] });
  });
  after(() => own[Symbol.asyncDispose]());

  beforeEach(() => {
    stop = new AbortController();
    agents = [];
    const { kubeconfigFile } = testControlPlane();
    const ports = ['--tink-server-bind-port', String(agentPort), '--http-port', String(httpPort)];
    serving = new Serving('workflow', [
      '--kubeconfig',
      kubeconfigFile,
      '--backend-kube-namespace',
      namespace,
      ...ports,
    ]);
    serving.start();
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(agents);
    await serving.end('SIGKILL');
  });

  /** A Hardware, its Workflow and its agent. */
  async function machine(name: string, unansweredStart: 'repeat' | 'ask' = 'repeat'): Promise<ScriptedAgent> {
    const spec = { disks: [{ device: '/dev/nvme0n1' }], interfaces: [{ dhcp: { mac: '02:00:00:00:00:01' } }] };
    await client.create(Hardware, { ...typed(Hardware), metadata: { namespace, name }, spec });
    await client.create(Workflow, {
      ...typed(Workflow),
      metadata: { namespace, name },
      spec: {
        templateRef: 'install',
        hardwareRef: name,
        hardwareMap: { device_1: name },
        bootOptions: { toggleAllowNetboot: true },
      },
    });
    const backoffMs = { initial: 50, max: 300 };
    const agent = new ScriptedAgent({
      id: name,
      address: `127.0.0.1:${agentPort}`,
      backoffMs,
      behave: () => ({ workMs: 20 }),
      unansweredStart,
    });
    agents.push(agent.run(stop.signal));
    return agent;
  }

  const get = (name: string) => client.get(Workflow, { namespace, name });
  const succeeds = (name: string) =>
    eventually(async () => {
      const { status } = await get(name);
      assert.equal(status?.state, 'SUCCESS', `${JSON.stringify(status)}\n${serving.output}`);
    }, 60);

  it('takes a Template in Go syntax through an agent to SUCCESS, and stops in order', async () => {
    const agent = await machine('whole');
    await succeeds('whole');
    assert.deepEqual(agent.started, ['step-0', 'step-1', 'step-2']);
    const { status } = await get('whole');
    const [task] = status?.tasks ?? [];
    assert.deepEqual(task?.environment, { DISK: '/dev/nvme0n1' });
    assert.deepEqual(task?.actions[1]?.environment, { MODE: '0644', PARTITION: '/dev/nvme0n1p2' });
    const { spec } = await client.get(Hardware, { namespace, name: 'whole' });
    assert.equal(spec?.interfaces?.[0]?.netboot?.allowPXE, false);
    const ready = await fetch(`http://127.0.0.1:${httpPort}/readyz`);
    assert.equal(ready.status, 200);
    stop.abort();
    await Promise.all(agents);
    assert.equal(await serving.end('SIGTERM'), 0, serving.output);
  });

  for (const [unansweredStart, seed] of [
    ['repeat', 5],
    ['ask', 6],
  ] as const) {
    it(`is killed again and again while five machines are installed: nothing runs twice, nothing is lost (agents that ${unansweredStart})`, () =>
      isKilled(unansweredStart, seed));
  }

  async function isKilled(unansweredStart: 'repeat' | 'ask', seed: number): Promise<void> {
    const random = new Random(seed);
    const names = Array.from({ length: 5 }, (_, i) => `crash-${unansweredStart}-${i}`);
    const running = await Promise.all(names.map((name) => machine(name, unansweredStart)));
    const started = () => running.reduce((sum, agent) => sum + agent.started.length, 0);
    // Killed wherever the fourth, the seventh, … action happens to be at that instant.
    for (let reached = 1 + random.below(3); reached < 15; reached += 2 + random.below(3)) {
      await eventually(
        () => assert.ok(started() >= reached, `${started()} of ${reached} actions: ${serving.output}`),
        60,
      );
      await delay(random.below(60));
      await serving.end('SIGKILL');
      serving.start();
    }
    await Promise.all(names.map(succeeds));
    for (const agent of running) assert.deepEqual(agent.started, ['step-0', 'step-1', 'step-2']);
  }

  it('says at once what is wrong with its flags and its cluster', async () => {
    const { kubeconfigFile } = testControlPlane();
    for (const [flags, message, code] of [
      [['--services', 'nothing'], /There is no service nothing; there are .*workflow/, 2],
      [['--kubeconfig', '/none'], /cannot read kubeconfig \/none/, 1],
      [['--services', 'workflow', '--kubeconfig', kubeconfigFile, '--tls-cert-file', '/none'], /belong together/, 1],
      [
        [
          ...['--services', 'workflow', '--kubeconfig', kubeconfigFile],
          ...['--tink-controller-reference-allow-list-rules', '{"a":["x|"]}|{"b":1}'],
        ],
        /cannot use rule 2 of --tink-controller-reference-allow-list-rules: b has to be a list of values/,
        1,
      ],
      [
        ['--services', 'workflow', '--kubeconfig', kubeconfigFile, '--tls-client-ca-file', '/none'],
        /belong together/,
        1,
      ],
    ] as const) {
      const { exitCode, output } = await capt(['serve', ...flags]);
      assert.match(output, message);
      assert.equal(exitCode, code, output);
    }
  });
});

function typed({ group, version, kind }: { group: string; version: string; kind: string }) {
  return { apiVersion: `${group}/${version}`, kind };
}
