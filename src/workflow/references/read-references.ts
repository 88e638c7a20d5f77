import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../kube/client/client.ts';
import { KubeAnswerTooLarge, KubeConnectionError, KubeError } from '../../kube/client/errors.ts';
import { resourcePath } from '../../kube/client/path.ts';
import { parseWholeNumbers } from '../template/json/whole-numbers.ts';
import { describeReference, faultOf, maxReferences, type Reference, referenceOf, resourceOf } from './reference.ts';
import { type ReferenceRules, refusalOf } from './reference-rules.ts';

/** What became of the references of a Hardware. */
export interface ReferencesRead {
  /** The Hardware they stand in. */
  readonly hardware: Hardware;
  /** The objects by the keys of their references, whole numbers as `bigint`. */
  readonly objects: Readonly<Record<string, unknown>>;
  readonly failures: readonly ReferenceFailure[];
}

export interface ReferenceFailure {
  /** Names the reference and what to do; has nothing of any object in it. */
  readonly message: string;
  /** True when it says nothing about the object: the API server could not be asked. */
  readonly passing: boolean;
}

export interface ReferenceLimits {
  /** Longest object as JSON. */
  readonly maxBytes: number;
  /** For each object. */
  readonly timeoutSeconds: number;
}

/** More than an object in etcd can have. */
export const defaultReferenceLimits: ReferenceLimits = { maxBytes: 2 * 1024 * 1024, timeoutSeconds: 10 };

/**
 * Reads the objects that a Hardware refers to and the rules let it have. Nothing is thrown but the reason of `signal`: what
 * cannot be had is a failure with a message.
 */
export async function readReferences(
  client: Client,
  rules: ReferenceRules,
  hardware: Hardware,
  { signal, ...limits }: Partial<ReferenceLimits> & { signal: AbortSignal },
): Promise<ReferencesRead> {
  const { namespace = '', name = '' } = hardware.metadata;
  const entries = Object.entries(hardware.spec?.references ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const outcomes = await Promise.all(
    entries.map(async ([key, written], index): Promise<[string, Outcome]> => {
      const reference = referenceOf(written);
      const refused =
        index < maxReferences
          ? (faultOf(reference) ?? refusalOf(rules, { source: { namespace, name }, reference }))
          : `a Hardware has at most ${maxReferences} references`;
      if (refused !== undefined) return [key, failure(key, reference, refused)];
      return [key, await readOne(client, key, reference, { ...defaultReferenceLimits, ...limits, signal })];
    }),
  );
  signal.throwIfAborted();
  return {
    hardware,
    objects: Object.fromEntries(
      outcomes.flatMap(([key, outcome]) => ('object' in outcome ? [[key, outcome.object]] : [])),
    ),
    failures: outcomes.flatMap(([, outcome]) => ('message' in outcome ? [outcome] : [])),
  };
}

type Outcome = { readonly object: unknown } | ReferenceFailure;

async function readOne(
  client: Client,
  key: string,
  reference: Reference,
  options: ReferenceLimits & { signal: AbortSignal },
): Promise<Outcome> {
  const { namespace, name } = reference;
  const path = resourcePath(resourceOf(reference), { namespace, name });
  try {
    const object = parseWholeNumbers(await client.raw(path, options));
    return object === undefined ? failure(key, reference, 'the answer is no JSON', true) : { object };
  } catch (error) {
    const passing = failureOf(error, options);
    return failure(key, reference, passing.what, passing.isPassing);
  }
}

/** Only what is known here is said: words of a server or a proxy could have anything in them. */
function failureOf(error: unknown, { maxBytes }: ReferenceLimits): { what: string; isPassing: boolean } {
  if (error instanceof KubeAnswerTooLarge) {
    return { what: `it is longer than ${maxBytes} bytes`, isPassing: false };
  }
  if (error instanceof KubeConnectionError) return { what: 'the API server does not answer', isPassing: true };
  if (!(error instanceof KubeError)) return { what: 'the API server cannot be asked', isPassing: true };
  switch (error.code) {
    case 404:
      return { what: 'not found; create it, or correct spec.references', isPassing: false };
    case 403:
      return { what: 'forbidden; give the role of capt the verb get on it', isPassing: false };
    default:
      return { what: `the API server answers with status ${error.code}`, isPassing: true };
  }
}

function failure(key: string, reference: Reference, what: string, passing = false): ReferenceFailure {
  const short = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
  return {
    message: `reference ${JSON.stringify(short(key))} (${short(describeReference(reference))}): ${what}`,
    passing,
  };
}
