import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { isJsonObject } from '../objects/json.ts';
import { jsonPatch } from '../objects/json-patch.ts';
import type { AdmissionRequest } from './admission-request.ts';
import type { AdmissionVerdict } from './admission-verdict.ts';
import { type AdmissionHandlerType, admissionPath } from './path.ts';
import { invalidStatus, type Problem } from './problem.ts';

/** One webhook: a path, and what it says to a request. */
export interface AdmissionHandler {
  readonly type: AdmissionHandlerType;
  readonly resource: Resource;
  readonly path: string;
  handle(request: AdmissionRequest): Promise<AdmissionVerdict>;
}

/**
 * Fills in what is missing. Gets a copy, which it may change, and gives back the whole object as it should be. Must come
 * to rest: applied to its own result it changes nothing, or server-side apply sees drift for ever.
 */
export type Defaulter<T extends KubeObject> = (object: T, request: AdmissionRequest<T>) => T | Promise<T>;

/** What a validator found; no problem means that the object is let in. */
export interface ValidationResult {
  problems: readonly Problem[];
  /** Shown to the user although the object is let in; at most 120 characters each are shown for sure. */
  warnings?: readonly string[] | undefined;
}

/** Finds all problems of an object at once, so that nobody has to mend them one by one. */
export type Validator<T extends KubeObject> = (
  request: AdmissionRequest<T>,
) => ValidationResult | Promise<ValidationResult>;

export function defaulter<T extends KubeObject>(resource: Resource<T>, apply: Defaulter<T>): AdmissionHandler {
  return {
    type: 'mutating',
    resource,
    path: admissionPath('mutating', resource),
    async handle(request) {
      const { object } = request as AdmissionRequest<T>;
      if (object === undefined) return { allowed: true };
      const result: unknown = await apply(structuredClone(object), request as AdmissionRequest<T>);
      if (!isJsonObject(result)) throw new TypeError(`the defaulter of ${resource.kind} gave back no object`);
      return { allowed: true, patch: jsonPatch(object, result) };
    },
  };
}

export function validator<T extends KubeObject>(resource: Resource<T>, validate: Validator<T>): AdmissionHandler {
  return {
    type: 'validating',
    resource,
    path: admissionPath('validating', resource),
    async handle(request) {
      const { problems, warnings } = await validate(request as AdmissionRequest<T>);
      if (problems.length === 0) return { allowed: true, warnings };
      const name = request.name || request.object?.metadata.generateName || '';
      return { allowed: false, status: invalidStatus(resource, name, problems), warnings };
    },
  };
}
