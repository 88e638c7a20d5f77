import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { Client } from '../../kube/client/client.ts';
import { FakeTransport } from '../../kube/client/fake-transport.ts';
import { installCrds } from './crds.ts';

describe('installCrds', () => {
  /** A server that serves a kind from the `after`-th time on it is asked for it. */
  function server(after: Record<string, number>) {
    const asked: Record<string, number> = {};
    return new FakeTransport(({ method, path }) => {
      if (method === 'PATCH') return { body: { kind: 'CustomResourceDefinition', metadata: { name: 'x' } } };
      const plural = /\/(\w+)\?/.exec(path)?.[1] ?? '';
      asked[plural] = (asked[plural] ?? 0) + 1;
      if (asked[plural] < (after[plural] ?? 1)) return { status: 404, body: { kind: 'Status', reason: 'NotFound' } };
      return { body: { metadata: { resourceVersion: '1' }, items: [] } };
    });
  }

  it('applies every CRD and waits until each is served', async () => {
    const clock = new FakeClock();
    const transport = server({ hardware: 3 });
    const done = installCrds(new Client(transport), [Hardware, Workflow], { clock });
    await clock.advance(1000);
    await done;
    const applied = transport.requests.filter(({ method }) => method === 'PATCH').map(({ path }) => path.split('?')[0]);
    assert.deepEqual(applied, [
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/hardware.tinkerbell.org',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/workflows.tinkerbell.org',
    ]);
  });

  it('names the kinds that are not served in time', async () => {
    const clock = new FakeClock();
    const done = installCrds(new Client(server({ hardware: 10_000 })), [Hardware, Workflow], {
      clock,
      timeoutSeconds: 5,
    });
    const rejected = assert.rejects(done, { code: 'CRD_NOT_SERVED', message: /hardware\.tinkerbell\.org .* 5 s/ });
    await clock.advance(6000);
    await rejected;
  });
});
