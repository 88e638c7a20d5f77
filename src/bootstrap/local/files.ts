import { chmodSync, mkdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { writeFileAtomically } from '../process/atomic-file.ts';
import { auditPolicy, authenticationConfiguration } from './flags/kube-apiserver.ts';
import { type ClientCredentials, renderKubeconfig } from './kubeconfig.ts';
import type { Layout } from './layout.ts';
import { ensurePki, type Pki } from './pki/pki.ts';
import { reachableAddresses } from './pki/plan.ts';

export interface FileOptions {
  listenAddress: string;
  /** `https://host:port` for clients on this machine. */
  server: string;
  now: Date;
}

/** Makes the folders of a control plane, readable by their owner only. */
export function makeFolders(layout: Layout): void {
  for (const folder of [layout.directory, layout.data, layout.logs, layout.pki]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  // These hold secrets, whatever an older run or a hand has made of them; the outer folder is the user's own business.
  for (const folder of [layout.data, layout.logs, layout.pki]) chmodSync(folder, 0o700);
}

/** Writes everything the processes read (keys, kubeconfigs, configuration), and the kubeconfig for the user. */
export async function writeFiles(layout: Layout, { listenAddress, server, now }: FileOptions): Promise<Pki> {
  const machineAddresses = Object.values(networkInterfaces()).flatMap(
    (list) => list?.map((each) => each.address) ?? [],
  );
  const apiAddresses = reachableAddresses(listenAddress, machineAddresses);
  const pki = await ensurePki({ directory: layout.pki, apiAddresses, now });
  const credentials = (name: 'admin' | 'controller-manager') => clientCredentials(pki, name, server);
  writeFileAtomically(layout.kubeconfig, renderKubeconfig(credentials('admin'), 'capt-admin'));
  writeFileAtomically(
    layout.controllerManagerKubeconfig,
    renderKubeconfig(credentials('controller-manager'), 'kube-controller-manager'),
  );
  writeFileAtomically(layout.authentication, `${JSON.stringify(authenticationConfiguration(), undefined, 2)}\n`);
  writeFileAtomically(layout.auditPolicy, `${JSON.stringify(auditPolicy(), undefined, 2)}\n`);
  return pki;
}

export function clientCredentials(pki: Pki, name: 'admin' | 'controller-manager', server: string): ClientCredentials {
  const { certificate: cert, key } = pki.certificates[name];
  return { server, ca: pki.authorities.ca.certificate, cert, key };
}
