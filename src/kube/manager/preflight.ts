import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { ErrorCode } from '../../api/errors/table.ts';
import { apiVersionOf, type Resource, resourceName } from '../../api/meta/resource.ts';
import type { Client } from '../client/client.ts';
import { KubeError } from '../client/errors.ts';
import type { CallOptions } from '../client/options.ts';
import { Discovery, knowsField } from './discovery.ts';
import { explainFailure } from './explain-failure.ts';

/** A kind that a program cannot do without. */
export interface RequiredKind extends Resource {
  /** Fields that the installed definition must know, such as `spec.interfaces.netboot`; an older one would drop them. */
  readonly requiredFields?: readonly string[];
}

export interface PreflightOptions extends CallOptions {
  /** Base URL of the API server, for messages. */
  server: string;
}

/**
 * Checks that the API server can be worked with and serves `kinds` as we know them, so that what is wrong is said once
 * and at the beginning.
 * @returns the version of the server
 * @throws CaptError with the one thing to mend first
 */
export async function preflight(
  client: Client,
  kinds: readonly RequiredKind[],
  options: PreflightOptions,
): Promise<string> {
  const { server, ...call } = options;
  const version = await versionOf(client, server, call);
  const discovery = new Discovery(client, call);
  try {
    const findings = (await Promise.all(kinds.map((kind) => inspect(discovery, kind)))).flat();
    for (const code of ['CRD_MISSING', 'CRD_TOO_OLD', 'CRD_VERSION_NOT_SERVED'] as const) {
      const crds = findings.filter((finding) => finding.code === code).map(({ text }) => text);
      if (crds.length > 0) throw new CaptError(code, { server, crds: crds.join(', ') });
    }
  } catch (error) {
    throw explainFailure(error, server);
  }
  return version;
}

async function versionOf(client: Client, server: string, call: CallOptions): Promise<string> {
  try {
    const answer = await client.raw('/version', call);
    const version = gitVersionIn(answer);
    if (version !== undefined) return version;
    throw new CaptError('NOT_KUBERNETES', { server, cause: `/version answers ${beginningOf(answer)}` });
  } catch (error) {
    const explained = explainFailure(error, server);
    // Any other status is an answer that no API server gives to this question.
    if (explained instanceof KubeError && explained.code !== 429) {
      throw new CaptError('NOT_KUBERNETES', { server, cause: messageOf(error) }, { cause: error });
    }
    throw explained;
  }
}

function gitVersionIn(answer: string): string | undefined {
  try {
    const { gitVersion } = JSON.parse(answer) as { gitVersion?: unknown };
    return typeof gitVersion === 'string' ? gitVersion : undefined;
  } catch {
    // Not JSON: the caller says what it is instead.
    return undefined;
  }
}

function beginningOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line === '' ? 'nothing' : JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
}

interface Finding {
  code: ErrorCode & `CRD_${string}`;
  text: string;
}

async function inspect(discovery: Discovery, kind: RequiredKind): Promise<Finding[]> {
  const name = resourceName(kind);
  const served = await discovery.versionsOf(kind);
  if (served.length === 0) return [{ code: 'CRD_MISSING', text: name }];
  if (!served.includes(kind.version)) {
    const older = served.every((version) => compareVersions(version, kind.version) < 0);
    return [
      {
        code: older ? 'CRD_TOO_OLD' : 'CRD_VERSION_NOT_SERVED',
        text: `${name} (serves ${served.join(', ')}, needed: ${kind.version})`,
      },
    ];
  }
  const unknown = await unknownFields(discovery, kind);
  if (unknown.length === 0) return [];
  return [{ code: 'CRD_TOO_OLD', text: `${name} (${apiVersionOf(kind)} without ${unknown.join(', ')})` }];
}

async function unknownFields(discovery: Discovery, kind: RequiredKind): Promise<string[]> {
  if (kind.requiredFields === undefined) return [];
  const schema = await discovery.schemaOf(kind);
  return schema === undefined ? [] : kind.requiredFields.filter((path) => !knowsField(schema, path));
}

/** Kubernetes' order of API versions: stable above beta above alpha, then by number. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [rankOf(a), rankOf(b)];
  for (const [i, part] of x.entries()) {
    const difference = part - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rankOf(version: string): [number, number, number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return [-1, 0, 0];
  const [, major, level, minor] = match;
  return [level === undefined ? 2 : level === 'beta' ? 1 : 0, Number(major), Number(minor ?? 0)];
}
