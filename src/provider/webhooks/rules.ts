import type { TinkerbellMachineSpec } from '../../api/infrastructure/v1beta1/tinkerbell-machine-spec.ts';
import type { Kind } from '../../api/meta/kind.ts';
import { validate } from '../../api/validation/validate.ts';
import type { AdmissionRequest } from '../../kube/admission/admission-request.ts';
import type { Problem } from '../../kube/admission/problem.ts';
import { equalJson } from '../../kube/objects/json.ts';
import { hardwareOfProviderId } from '../names.ts';

/** By this the topology controller marks its dry runs. */
const topologyDryRunAnnotation = 'topology.cluster.x-k8s.io/dry-run';

/** True when an update leaves `spec` as it is: metadata (a finalizer that goes, owners that come) is nobody's fault. */
export function specIsKept({ operation, object, oldObject }: AdmissionRequest): boolean {
  const specOf = (of: object | undefined) => (of as { spec?: unknown } | undefined)?.spec;
  return operation === 'UPDATE' && equalJson(specOf(object), specOf(oldObject));
}

/** Everything that the schema of a kind says, in the words of field, rule and fix. */
export function schemaProblems(kind: Kind, object: unknown): Problem[] {
  return validate(kind, object).map(({ path, rule, found, fix }) => ({
    field: path,
    message: found === undefined ? rule : `${rule}, but is ${found}`,
    fix,
  }));
}

/** What fields of a machine's spec must have to do with one another; `at` is the path of the spec. */
export function machineProblems(spec: TinkerbellMachineSpec | undefined, at: string): Problem[] {
  const { bootMode, isoURL, custombootConfig } = spec?.bootOptions ?? {};
  const problems: Problem[] = [];
  if ((bootMode === 'iso' || bootMode === 'isoboot') && !isoURL) {
    problems.push({
      field: `${at}.bootOptions.isoURL`,
      message: `is required with bootMode ${bootMode}`,
      fix: 'set it to the URL of the installer ISO, or choose another bootMode',
      reason: 'FieldValueRequired',
    });
  }
  if (bootMode === 'customboot' && !custombootConfig?.preparingActions?.length) {
    problems.push({
      field: `${at}.bootOptions.custombootConfig.preparingActions`,
      message: 'must have an action with bootMode customboot',
      fix: 'say what the BMC has to do, or choose another bootMode',
      reason: 'FieldValueRequired',
    });
  }
  const { providerID } = spec ?? {};
  if (providerID && hardwareOfProviderId(providerID) === undefined) {
    problems.push({
      field: `${at}.providerID`,
      message: 'must be tinkerbell://<namespace>/<name> of a Hardware',
      fix: 'leave it out: the machine controller writes it',
    });
  }
  return problems;
}

/** What the controller wrote once stays: another value would make another host of the same machine. */
export function writtenOnce(
  before: TinkerbellMachineSpec | undefined,
  after: TinkerbellMachineSpec | undefined,
): Problem[] {
  return (['hardwareName', 'providerID'] as const)
    .filter((name) => before?.[name] && before[name] !== after?.[name])
    .map((name) => ({
      field: `spec.${name}`,
      message: `must not change once it is set, and is ${before?.[name]}`,
      fix: 'delete the Machine to get another host',
      reason: 'FieldValueForbidden',
    }));
}

/** A template makes many machines: what belongs to one of them has no place in it. */
export function notForTemplates(spec: TinkerbellMachineSpec | undefined): Problem[] {
  return (['hardwareName', 'providerID'] as const)
    .filter((name) => spec?.[name])
    .map((name) => ({
      field: `spec.template.spec.${name}`,
      message: 'must not be set in a template',
      fix: 'leave it out: the machine controller writes it into each machine',
      reason: 'FieldValueForbidden',
    }));
}

/**
 * A template that machines were made from must not change: they would not follow, and nobody would know. Metadata may, and
 * so may what the topology controller only tries (a dry run that it marks).
 */
export function templateIsKept(request: AdmissionRequest): Problem[] {
  const { operation, object, oldObject, dryRun } = request;
  if (operation !== 'UPDATE' || object?.metadata.deletionTimestamp !== undefined) return [];
  if (dryRun && object?.metadata.annotations?.[topologyDryRunAnnotation] !== undefined) return [];
  const specOf = (of: object | undefined) =>
    (of as { spec?: { template?: { spec?: unknown } } } | undefined)?.spec?.template?.spec;
  if (equalJson(specOf(object), specOf(oldObject))) return [];
  return [
    {
      field: 'spec.template.spec',
      message: 'must not change: machines that were made from it would not follow',
      fix: 'create another template and name it where this one is named',
      reason: 'FieldValueForbidden',
    },
  ];
}
