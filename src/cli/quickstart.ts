import { join } from 'node:path';
import { kinds } from '../api/kinds.ts';
import { resourceName } from '../api/meta/resource.ts';
import { installCrds } from '../bootstrap/install/crds.ts';
import { controlPlaneStatus } from '../bootstrap/local/status.ts';
import { connect } from '../kube/client/connect.ts';
import { loadKubeConfig } from '../kube/client/kubeconfig.ts';
import { catchInterrupts } from './interrupt.ts';
import { kubernetesContext } from './kubernetes/context.ts';
import { up } from './kubernetes/up.ts';

/** `capt quickstart` */
export async function quickstart({ dir, ...flags }: { dir?: string; port?: number }): Promise<void> {
  const { stateDirectory, print, report } = kubernetesContext();
  const directory = join(dir ?? join(stateDirectory, 'quickstart'), 'kubernetes');
  report('1/2 a Kubernetes control plane');
  await up({ dir: directory, ...flags });
  report(`2/2 ${kinds.length} kinds`);
  const { kubeconfig } = await controlPlaneStatus(directory);
  using interrupt = catchInterrupts();
  const client = connect(loadKubeConfig({ path: kubeconfig }), { userAgent: 'capt-quickstart' });
  try {
    await installCrds(client, kinds, { signal: interrupt.signal });
  } finally {
    await client.close();
  }
  print('');
  print(`Installed: ${kinds.map(resourceName).join(', ')}`);
}
