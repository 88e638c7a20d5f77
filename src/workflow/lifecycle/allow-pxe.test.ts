import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { applyMergePatch } from '../../kube/objects/merge-patch.ts';
import { allowPxePatch } from './allow-pxe.ts';

describe('allowPxePatch', () => {
  const hardware = {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: { name: 'hw', resourceVersion: '7' },
    spec: {
      agentID: 'a',
      fieldOfTheFuture: { kept: true },
      interfaces: [
        { dhcp: { mac: '02:00:00:00:00:01', newer: 1 }, netboot: { allowPXE: false, ipxe: { url: 'http://x' } } },
        { disableDhcp: true },
      ],
    },
  } as unknown as Hardware;

  it('§9.4 M hardware.go:55: changes allowPXE and nothing else, not even fields it does not know', () => {
    const patch = allowPxePatch(hardware, true);
    const { spec } = applyMergePatch(hardware, patch) as Hardware;
    assert.deepEqual(spec, {
      ...hardware.spec,
      interfaces: [
        { dhcp: { mac: '02:00:00:00:00:01', newer: 1 }, netboot: { allowPXE: true, ipxe: { url: 'http://x' } } },
        { disableDhcp: true, netboot: { allowPXE: true } },
      ],
    });
    // What others change meanwhile outside the interfaces stays theirs: it is not in the patch.
    assert.deepEqual(Object.keys(patch ?? {}), ['spec']);
    assert.deepEqual(Object.keys((patch as { spec: object }).spec), ['interfaces']);
  });

  it('is nothing when it is so already, or when there is no interface', () => {
    const done = { ...hardware, spec: { interfaces: [{ netboot: { allowPXE: true } }] } };
    assert.equal(allowPxePatch(done, true), undefined);
    assert.equal(allowPxePatch({ ...hardware, spec: {} }, true), undefined);
  });
});
