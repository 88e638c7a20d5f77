import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { QemuMachineSpec } from './machine-spec.ts';

/** Where distributions put OVMF. */
const defaultFolders = ['/usr/share/OVMF', '/usr/share/edk2/x64', '/usr/share/edk2/ovmf'];

/** Names of code and variables; those of 4 MiB first, newer packages have no others. */
const pairs = [
  ['OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd'],
  ['OVMF_CODE.4m.fd', 'OVMF_VARS.4m.fd'],
  ['OVMF_CODE.fd', 'OVMF_VARS.fd'],
] as const;

/**
 * The UEFI firmware of a machine, with variables of its own in `directory`, which stay from boot to boot.
 * @throws CaptError UEFI_FIRMWARE_MISSING
 */
export async function uefiFirmware(
  machine: string,
  directory: string,
  folders: readonly string[] = defaultFolders,
): Promise<Extract<QemuMachineSpec['firmware'], { kind: 'uefi' }>> {
  for (const folder of folders) {
    for (const [codeName, variablesName] of pairs) {
      const code = join(folder, codeName);
      const template = join(folder, variablesName);
      if (!(await exists(code)) || !(await exists(template))) continue;
      const variables = join(directory, 'uefi-variables.fd');
      if (!(await exists(variables))) await copyFile(template, variables);
      return { kind: 'uefi', code, variables };
    }
  }
  throw new CaptError('UEFI_FIRMWARE_MISSING', { machine, folders: folders.join(', ') });
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true;
}
