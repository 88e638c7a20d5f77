import type { Value } from '../value/value.ts';
import { list, struct, text, texts, typed } from './field.ts';
import { interfaceType } from './interface.ts';
import { metadataType } from './metadata.ts';

const viewType = struct('workflow.templateHardwareData', {
  Disks: ['Disks!', texts],
  Interfaces: ['Interfaces!', list(interfaceType)],
  UserData: ['UserData!', text],
  Metadata: ['Metadata!', metadataType],
  VendorData: ['VendorData!', text],
});

function record(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
}

/** `.Hardware`: five fields of a Hardware object under the Go names they have in the original. */
export function hardwareView(hardware: unknown): Value {
  const { disks, interfaces, userData, metadata, vendorData } = record(record(hardware)['spec']);
  const devices = Array.isArray(disks) ? disks.map((disk) => record(disk)['device'] ?? '') : [];
  // Empty lists are nil in the original, whether they are there or not.
  const filled = <T>(items: readonly T[]) => (items.length === 0 ? undefined : items);
  return typed(viewType, {
    Disks: filled(devices),
    Interfaces: Array.isArray(interfaces) ? filled(interfaces) : undefined,
    UserData: userData,
    Metadata: metadata,
    VendorData: vendorData,
  });
}
