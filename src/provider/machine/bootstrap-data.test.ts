import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Machine } from '../../api/capi/v1beta2/machine.ts';
import { Client } from '../../kube/client/client.ts';
import { type FakeAnswer, FakeTransport } from '../../kube/client/fake-transport.ts';
import { readBootstrapData } from './bootstrap-data.ts';
import { FakeFacts } from './fake-facts.ts';

const { signal } = new AbortController();

function read(answer: FakeAnswer, owner: Machine | undefined = new FakeFacts().owner) {
  return readBootstrapData(new Client(new FakeTransport(() => answer)), owner, signal);
}

function secret(data: Record<string, string>): FakeAnswer {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  return { body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'secret' }, data: encoded } };
}

const missing: FakeAnswer = {
  status: 404,
  body: { kind: 'Status', status: 'Failure', code: 404, reason: 'NotFound', message: 'not found' },
};

describe('the bootstrap data of a Machine', () => {
  it('has the provider ID of the host wherever PROVIDER_ID stands, and only for that host', async () => {
    const data = await read(secret({ value: 'a: PROVIDER_ID\nb: x-PROVIDER_ID' }));
    assert.ok('userDataFor' in data);
    assert.deepEqual(data.userDataFor('tinkerbell://ns/h'), {
      userData: 'a: tinkerbell://ns/h\nb: x-tinkerbell://ns/h',
    });
    assert.deepEqual(data.userDataFor('tinkerbell://ns/g'), {
      userData: 'a: tinkerbell://ns/g\nb: x-tinkerbell://ns/g',
    });
  });

  it('is refused when Hardware could not hold it, without a word of what is in it', async () => {
    const data = await read(secret({ value: 'secret word '.repeat(100_000) }));
    assert.ok('userDataFor' in data);
    const outcome = data.userDataFor('tinkerbell://ns/h');
    assert.match(
      'problem' in outcome ? outcome.problem : '',
      /Secret ns\/secret is 1200000 bytes, more than the 1048576/,
    );
    assert.doesNotMatch(JSON.stringify(outcome), /secret word/);
  });

  for (const [what, answer, owner, problem] of [
    ['the Secret does not exist', missing, undefined, /Secret ns\/secret with the bootstrap data does not exist/],
    ['the Secret has another key', secret({ other: 'x' }), undefined, /no key "value"/],
  ] as const) {
    it(`says that ${what}`, async () => {
      const data = await read(answer, owner);
      assert.match('problem' in data ? data.problem : '', problem);
    });
  }

  it('says that there is none yet', async () => {
    const owner = new FakeFacts().owner;
    delete owner?.spec?.bootstrap.dataSecretName;
    const data = await read(missing, owner);
    assert.match('problem' in data ? data.problem : '', /no bootstrap data yet/);
  });
});
