import { mapOf } from '../value/type.ts';
import { GoMap, GoStruct } from '../value/value.ts';
import { flag, int64, list, optional, struct, text, typed } from './field.ts';
import { interfaceType } from './interface.ts';
import { metadataType } from './metadata.ts';

const auto = struct('tinkerbell.AutoCapabilities', { EnrollmentEnabled: ['enrollmentEnabled', flag] });

const bmcRef = struct('v1.TypedLocalObjectReference', {
  APIGroup: ['apiGroup!', optional(text)],
  Kind: ['kind!', text],
  Name: ['name!', text],
});

const reference = struct('tinkerbell.Reference', {
  Namespace: ['namespace', text],
  Name: ['name', text],
  Group: ['group', text],
  Version: ['version', text],
  Resource: ['resource', text],
});

const disk = struct('tinkerbell.Disk', { Device: ['device', text] });

const specType = struct('tinkerbell.HardwareSpec', {
  AgentID: ['agentID', text],
  Auto: ['auto!', auto],
  BMCRef: ['bmcRef', optional(bmcRef)],
  Interfaces: ['interfaces', list(interfaceType)],
  References: ['references', mapOf(reference)],
  Metadata: ['metadata', optional(metadataType)],
  TinkVersion: ['tinkVersion', int64],
  Disks: ['disks', list(disk)],
  // Quantities are texts here; what the original shows of them are the insides of a struct.
  Resources: ['resources', mapOf(text)],
  UserData: ['userData', optional(text)],
  VendorData: ['vendorData', optional(text)],
});

const dataType = struct('workflow.templateData', { Hardware: ['Hardware!', specType] });

/** Data of a template in a boot option: nothing but `.Hardware`, which there is the whole spec of the Hardware object. */
export function bootOptionData(spec: unknown): GoStruct | GoMap {
  const data = typed(dataType, { Hardware: spec });
  return data instanceof GoStruct ? data : new GoMap();
}
