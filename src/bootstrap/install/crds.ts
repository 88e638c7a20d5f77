import { CustomResourceDefinition } from '../../api/apiextensions/custom-resource-definition.ts';
import { CaptError } from '../../api/errors/capt-error.ts';
import { crdOf } from '../../api/generate/crd.ts';
import type { Kind } from '../../api/meta/kind.ts';
import { resourceName } from '../../api/meta/resource.ts';
import { type Clock, sleep, systemClock } from '../../api/time/clock.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';

export interface InstallOptions {
  signal?: AbortSignal;
  /** How long the API server may take to serve a new kind. Default 30. */
  timeoutSeconds?: number;
  /** How often it is asked. Default 0.1. */
  pollSeconds?: number;
  clock?: Clock;
}

/**
 * Installs the CRDs of `kinds` by server-side apply, which may be done again at any time, and waits until the API server
 * serves every one of them.
 * @throws CaptError CRD_NOT_SERVED naming the kinds that are not served in time
 */
export async function installCrds(client: Client, kinds: readonly Kind[], options: InstallOptions = {}): Promise<void> {
  const { signal } = options;
  const call = signal ? { signal } : {};
  for (const kind of kinds) {
    const crd = crdOf(kind);
    const metadata = { ...crd.metadata, name: resourceName(kind) };
    await client.apply(CustomResourceDefinition, { ...crd, metadata }, { ...call, fieldManager: 'capt', force: true });
  }
  await untilServed(client, kinds, options);
}

async function untilServed(client: Client, kinds: readonly Kind[], options: InstallOptions): Promise<void> {
  const { signal, timeoutSeconds = 30, pollSeconds = 0.1, clock = systemClock } = options;
  const deadline = clock.monotonic() + timeoutSeconds * 1000;
  let waiting = [...kinds];
  for (;;) {
    waiting = await notServed(client, waiting, signal);
    if (waiting.length === 0) return;
    signal?.throwIfAborted();
    if (clock.monotonic() > deadline) {
      throw new CaptError('CRD_NOT_SERVED', { crds: waiting.map(resourceName).join(', '), seconds: timeoutSeconds });
    }
    await sleep(clock, pollSeconds * 1000, signal);
  }
}

async function notServed(client: Client, kinds: readonly Kind[], signal: AbortSignal | undefined): Promise<Kind[]> {
  const missing: Kind[] = [];
  for (const kind of kinds) {
    try {
      await client.list(kind, { limit: 1, ...(signal ? { signal } : {}) });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      missing.push(kind);
    }
  }
  return missing;
}
