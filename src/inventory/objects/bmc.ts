import type { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import type { Secret } from '../../api/core/secret.ts';
import type { HardwareRow } from '../csv/row.ts';
import { bmcMachineName, bmcSecretName } from './names.ts';

/** A row of a machine with a BMC. */
export type BmcRow = HardwareRow & Required<Pick<HardwareRow, 'bmc'>>;

export function hasBmc(row: HardwareRow): row is BmcRow {
  return row.bmc !== undefined;
}

/** A new bmc Machine for a row, as EKS Anywhere makes it. */
export function newMachine(row: BmcRow, namespace: string): Machine {
  return {
    apiVersion: 'bmc.tinkerbell.org/v1alpha1',
    kind: 'Machine',
    metadata: { name: bmcMachineName(row), namespace },
    spec: {
      connection: {
        host: row.bmc.ip,
        authSecretRef: { name: bmcSecretName(row), namespace },
        // Certificates of BMCs are made by the BMCs themselves.
        insecureTLS: true,
        providerOptions: { preferredOrder: ['gofish'] },
      },
    },
  };
}

/** Only the address and the name of the Secret: how the BMC is spoken to may have been set by hand since. */
export function updatedMachine(existing: Machine, row: BmcRow, namespace: string): Machine {
  const authSecretRef = { name: bmcSecretName(row), namespace };
  const connection = { insecureTLS: true, ...existing.spec?.connection, host: row.bmc.ip, authSecretRef };
  return { ...existing, spec: { ...existing.spec, connection } };
}

/** A new Secret with the login of the BMC; clusterctl moves it with the rest. */
export function newSecret(row: BmcRow, namespace: string): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: bmcSecretName(row),
      namespace,
      labels: { 'clusterctl.cluster.x-k8s.io/move': 'true' },
    },
    type: 'kubernetes.io/basic-auth',
    data: loginOf(row),
  };
}

export function updatedSecret(existing: Secret, row: BmcRow): Secret {
  const labels = { ...existing.metadata.labels, 'clusterctl.cluster.x-k8s.io/move': 'true' };
  return {
    ...existing,
    metadata: { ...existing.metadata, labels },
    data: { ...existing.data, ...loginOf(row) },
  };
}

function loginOf({ bmc }: BmcRow): Record<string, string> {
  return { username: base64(bmc.username), password: base64(bmc.password) };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
