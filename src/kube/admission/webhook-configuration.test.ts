import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Resource } from '../../api/meta/resource.ts';
import { defaulter, validator } from './handler.ts';
import { mutatingWebhookConfiguration, validatingWebhookConfiguration } from './webhook-configuration.ts';

const resource: Resource = { group: 'example.org', version: 'v1', kind: 'Host', plural: 'hosts', namespaced: false };
const defaults = defaulter(resource, (object) => object);
const rules = validator(resource, () => ({ problems: [] }));

describe('webhook configurations', () => {
  const options = {
    name: 'capt',
    url: 'https://127.0.0.1:9443/',
    ca: 'PEM',
    webhooks: [
      { handler: defaults },
      { handler: rules, operations: ['DELETE' as const], objectSelector: { matchLabels: { a: 'b' } } },
    ],
  };

  it('hold the webhooks of their type', () => {
    const { kind, metadata, webhooks } = mutatingWebhookConfiguration(options);
    assert.deepEqual([kind, metadata.name], ['MutatingWebhookConfiguration', 'capt']);
    assert.deepEqual(webhooks, [
      {
        name: 'default.host.example.org',
        clientConfig: { url: 'https://127.0.0.1:9443/mutate-example-org-v1-host', caBundle: 'UEVN' },
        rules: [
          {
            apiGroups: ['example.org'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['hosts'],
            scope: 'Cluster',
          },
        ],
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        timeoutSeconds: 10,
      },
    ]);
  });

  it('hold selectors and operations', () => {
    const [webhook] = validatingWebhookConfiguration(options).webhooks;
    assert.equal(webhook?.name, 'validation.host.example.org');
    assert.deepEqual(webhook.rules[0]?.operations, ['DELETE']);
    assert.deepEqual(webhook.objectSelector, { matchLabels: { a: 'b' } });
  });
});
