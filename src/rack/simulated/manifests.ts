import type { Connection } from '../../api/bmc/v1alpha1/connection.ts';
import { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import { Secret } from '../../api/core/secret.ts';
import { apiVersionOf } from '../../api/meta/resource.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';

/** What an administrator writes down about a machine. */
export interface MachineRecord {
  namespace: string;
  name: string;
  mac: string;
  address: string;
  disk: string;
  connection: Connection;
  login: { username: string; password: string };
  labels?: Record<string, string>;
}

/** The three objects of a machine: login, BMC, Hardware. */
export function manifestsOf(record: MachineRecord): { secret: Secret; bmc: Machine; hardware: Hardware } {
  const { namespace, name, mac, address, disk, connection, login, labels = {} } = record;
  const metadata = { namespace, name };
  return {
    secret: { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { ...login } },
    bmc: { apiVersion: apiVersionOf(Machine), kind: Machine.kind, metadata, spec: { connection } },
    hardware: {
      apiVersion: apiVersionOf(Hardware),
      kind: Hardware.kind,
      metadata: { ...metadata, labels },
      spec: {
        agentID: mac,
        bmcRef: { apiGroup: Machine.group, kind: Machine.kind, name },
        disks: [{ device: disk }],
        interfaces: [
          {
            dhcp: { mac, hostname: name, ip: { address, netmask: '255.255.0.0' }, arch: 'x86_64', uefi: true },
            netboot: { allowPXE: false, allowWorkflow: true },
          },
        ],
        metadata: { instance: { id: mac, hostname: name } },
      },
    },
  };
}

/** Creates what is not there yet. */
export async function register(client: Client, record: MachineRecord): Promise<void> {
  const { secret, bmc, hardware } = manifestsOf(record);
  const unlessThere = (error: unknown) => {
    if (!isReason(error, 'AlreadyExists')) throw error;
  };
  await client.create(Secret, secret).catch(unlessThere);
  await client.create(Machine, bmc).catch(unlessThere);
  await client.create(Hardware, hardware).catch(unlessThere);
}
