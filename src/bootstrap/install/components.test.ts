import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { managerSettings, parseComponents, withWebhooksAt } from './components.ts';
import { inOrder } from './known-kinds.ts';

const manifest = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: v }
webhooks:
- name: a.example
  clientConfig: { service: { name: s, namespace: n, path: /validate-a } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: d, namespace: x-system }
spec:
  template:
    spec:
      serviceAccountName: x-manager
      containers:
      - { name: proxy }
      - { name: manager, args: ["--leader-elect", "--gates=\${GATES:=A=true}"] }
---
# nothing
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.org }
spec:
  conversion:
    strategy: Webhook
    webhook:
      conversionReviewVersions: [v1]
      clientConfig: { service: { name: s, namespace: n, path: /convert } }
---
apiVersion: v1
kind: Namespace
metadata: { name: x-system }
`;

describe('the manifests of a provider', () => {
  it('say how the manager runs', () => {
    assert.deepEqual(managerSettings(parseComponents(manifest)), {
      namespace: 'x-system',
      serviceAccount: 'x-manager',
      args: ['--leader-elect', '--gates=A=true'],
    });
    assert.throws(() => managerSettings([]), /"manager"/);
  });

  it('are asked by URL where no Service leads to the manager, conversion included', () => {
    const objects = withWebhooksAt(parseComponents(manifest), { url: 'https://127.0.0.1:9443', ca: 'PEM' });
    const text = JSON.stringify(objects);
    const caBundle = Buffer.from('PEM').toString('base64');
    assert.ok(text.includes(`{"url":"https://127.0.0.1:9443/validate-a","caBundle":"${caBundle}"}`), text);
    assert.ok(text.includes(`{"url":"https://127.0.0.1:9443/convert","caBundle":"${caBundle}"}`), text);
    assert.ok(!text.includes('"service"'));
  });

  it('are applied so that nothing needs what comes later, pods left out', () => {
    const { before, after } = inOrder(parseComponents(manifest));
    const kinds = (placed: typeof before) => placed.map(({ object }) => object.kind);
    assert.deepEqual(kinds(before), ['Namespace', 'CustomResourceDefinition']);
    assert.deepEqual(kinds(after), ['ValidatingWebhookConfiguration']);
  });
});
