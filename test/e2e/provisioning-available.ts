import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { debianFolder } from '../../src/netboot/ipxe/boot-programs.ts';
import { missing } from '../integration/bmc-ipmi-tool.ts';
import { kernelPackage } from '../support/debian-package.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';

/** What is missing to install machines in QEMU here; `undefined` when nothing is. */
export async function provisioningUnavailable(): Promise<string | undefined> {
  if (process.arch !== 'x64') return 'only machines of x86-64 are emulated in tests';
  const noNamespaces = NetworkNamespaces.unavailable();
  if (noNamespaces !== undefined) return noNamespaces;
  for (const program of ['qemu-system-x86_64', 'curl', 'zstd', 'mke2fs', 'debugfs', 'sfdisk']) {
    const reason = await missing(program);
    if (reason !== undefined) return reason;
  }
  if (!existsSync(join(debianFolder, 'undionly.kpxe'))) return 'Debian’s package ipxe is not installed';
  if (!existsSync('/usr/share/OVMF/OVMF_VARS_4M.fd')) return 'Debian’s package ovmf is not installed';
  const kernel = await kernelPackage().catch(() => undefined);
  return kernel === undefined
    ? 'apt-get knows no package linux-image-cloud-amd64 (it may want apt-get update)'
    : undefined;
}
