import type { HardwareRow } from '../csv/row.ts';

/**
 * Annotation of every Hardware that came out of a file: the keys of the labels that the file gave it, joined by commas.
 * Tells which labels a later file takes away, and which Hardware a later file no longer has.
 */
export const inventoryLabelsAnnotation = 'capt.tinkerbell.org/inventory-labels';

/** Name of the bmc Machine of a row. */
export function bmcMachineName({ hostname }: Pick<HardwareRow, 'hostname'>): string {
  return `bmc-${hostname}`;
}

/** Name of the Secret with the login of its BMC. */
export function bmcSecretName(row: Pick<HardwareRow, 'hostname'>): string {
  return `${bmcMachineName(row)}-auth`;
}
