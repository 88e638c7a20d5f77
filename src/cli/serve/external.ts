import { existsSync } from 'node:fs';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { ServeFlags } from './flags.ts';
import { serviceNames } from './service-names.ts';

/** Where CAPT looks when it is told nothing. */
const mounted = '/var/run/secrets/external-tinkerbell/kubeconfig';

/**
 * The kubeconfig of the cluster that has Tinkerbell's objects, `undefined` when they are where Cluster API's are. The
 * other services stand beside what they work on, so that the provider is alone in its process then.
 * @throws CaptError EXTERNAL_NEEDS_PROVIDER_ALONE
 */
export function externalKubeconfig(
  { externalKubeconfig: named, services }: Pick<ServeFlags, 'externalKubeconfig' | 'services'>,
  exists: (file: string) => boolean = existsSync,
): string | undefined {
  const file = named ?? (services.includes('provider') && exists(mounted) ? mounted : undefined);
  if (file === undefined) return undefined;
  const others = serviceNames.filter((name) => name !== 'provider' && services.includes(name));
  if (others.length === 0) return file;
  throw new CaptError('EXTERNAL_NEEDS_PROVIDER_ALONE', { file, services: others.join(', ') });
}
