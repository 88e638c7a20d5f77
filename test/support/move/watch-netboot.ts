import { Hardware } from '../../../src/api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../../src/kube/client/client.ts';

export interface NetbootWatch extends AsyncDisposable {
  /** Hardware that was allowed to boot from the network, even for a moment. */
  readonly allowed: string[];
}

/** Looks at every state that any Hardware of a namespace has from now on. */
export async function watchNetboot(client: Client, namespace: string): Promise<NetbootWatch> {
  const stop = new AbortController();
  const allowed: string[] = [];
  const { metadata } = await client.list(Hardware, { namespace });
  const { signal } = stop;
  const look = async () => {
    const { resourceVersion } = metadata;
    for await (const events of client.watch(Hardware, { namespace, resourceVersion, signal })) {
      for (const { type, object } of events) {
        const may = object.spec?.interfaces?.some(({ netboot }) => netboot?.allowPXE === true);
        if (type !== 'BOOKMARK' && may) allowed.push(object.metadata.name ?? '');
      }
    }
  };
  let failure: unknown;
  const looking = look().catch((error) => {
    if (!signal.aborted) failure = error;
  });
  return {
    allowed,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await looking;
      if (failure !== undefined) throw failure;
    },
  };
}
