import { type Resource, resourceName } from '../../api/meta/resource.ts';
import type { AdmissionStatus } from './admission-verdict.ts';

/** `metav1.CauseType`, as far as webhooks use it. */
export type ProblemReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueForbidden'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueNotFound';

/** One thing that is wrong with an object. */
export interface Problem {
  /** Path of the field: `spec.network.interfaces[0].mac`. */
  field: string;
  /** The rule that is broken: `must not change once it is set`. */
  message: string;
  /** What to do about it, in the imperative. */
  fix?: string | undefined;
  /** Default `FieldValueInvalid`. */
  reason?: ProblemReason | undefined;
}

/** The refusal that names all problems at once, as text for people and as causes for programs. */
export function invalidStatus(resource: Resource, name: string, problems: readonly Problem[]): AdmissionStatus {
  const { group, kind } = resource;
  const causes = problems.map(({ reason = 'FieldValueInvalid', field, ...rule }) => ({
    reason,
    field,
    message: ruleText(rule),
  }));
  const lines = causes.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const subject = `${kind}${group === '' ? '' : `.${group}`} "${name}" is invalid`;
  const message =
    lines.length === 1 ? `${subject}: ${lines[0]}` : `${subject}:\n${lines.map((line) => `* ${line}`).join('\n')}`;
  return { code: 422, reason: 'Invalid', message, details: { name, group, kind, causes } };
}

/** A handler answered for a kind that it does not know: the webhook configuration is wrong. */
export function wrongKindMessage(resource: Resource, kind: { group: string; version: string; kind: string }): string {
  const asked = [kind.group, kind.version, kind.kind].filter((part) => part !== '').join('/');
  return `this webhook is for ${resourceName(resource)} ${resource.version}, not for ${asked}: correct the webhook configuration`;
}

function ruleText({ message, fix }: Pick<Problem, 'message' | 'fix'>): string {
  return fix === undefined ? message : `${message} (${fix})`;
}
