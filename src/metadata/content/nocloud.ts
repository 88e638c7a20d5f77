import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { hostnameOf, instanceIdOf, sshKeysOf, userDataOf, vendorDataOf } from './instance.ts';
import { networkConfigOf } from './network-config.ts';

/** The files of a NoCloud seed of cloud-init (`ds=nocloud;s=http://…/nocloud/`). JSON is YAML as well. */
export const nocloudFiles: Readonly<Record<string, (hardware: Hardware) => string>> = {
  'meta-data': (hardware) =>
    JSON.stringify({
      'instance-id': instanceIdOf(hardware),
      'local-hostname': hostnameOf(hardware),
      'public-keys': sshKeysOf(hardware),
    }),
  'user-data': userDataOf,
  'vendor-data': vendorDataOf,
  'network-config': (hardware) => JSON.stringify(networkConfigOf(hardware)),
};
