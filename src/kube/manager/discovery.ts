import type { Resource } from '../../api/meta/resource.ts';
import type { Client } from '../client/client.ts';
import { isReason, KubeConnectionError } from '../client/errors.ts';
import type { CallOptions } from '../client/options.ts';

/** What an API server says it serves. Every authenticated user may ask. */
export class Discovery {
  readonly #client: Client;
  readonly #call: CallOptions;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(client: Client, call: CallOptions = {}) {
    this.#client = client;
    this.#call = call;
  }

  /** The versions in which `resource` is served, whichever one it names itself. */
  async versionsOf(resource: Resource): Promise<string[]> {
    const served = await Promise.all(
      (await this.#versions(resource.group)).map(async (version) => {
        const path = resource.group === '' ? `/api/${version}` : `/apis/${resource.group}/${version}`;
        const list = await this.#ask<{ resources?: { name: string }[] }>(path);
        return list?.resources?.some(({ name }) => name === resource.plural) ? [version] : [];
      }),
    );
    return served.flat();
  }

  /** The OpenAPI schema of `resource`, `undefined` when the server publishes none. */
  async schemaOf(resource: Resource): Promise<PublishedSchema | undefined> {
    const { group, version, kind } = resource;
    const path = group === '' ? `/openapi/v3/api/${version}` : `/openapi/v3/apis/${group}/${version}`;
    const document = await this.#ask<{ components?: { schemas?: Record<string, PublishedSchema> } }>(path);
    return Object.values(document?.components?.schemas ?? {}).find((schema) =>
      schema['x-kubernetes-group-version-kind']?.some(
        (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
      ),
    );
  }

  async #versions(group: string): Promise<string[]> {
    if (group === '') return ['v1'];
    const answer = await this.#ask<{ versions?: { version: string }[] }>(`/apis/${group}`);
    return answer?.versions?.map(({ version }) => version) ?? [];
  }

  /** Asks once for each path. */
  #ask<T>(path: string): Promise<T | undefined> {
    let answer = this.#answers.get(path);
    if (answer === undefined) {
      answer = this.#get(path);
      this.#answers.set(path, answer);
    }
    return answer as Promise<T | undefined>;
  }

  async #get(path: string): Promise<unknown> {
    try {
      return JSON.parse(await this.#client.raw(path, this.#call));
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error instanceof SyntaxError ? new KubeConnectionError(`get ${path}`, error) : error;
    }
  }
}

/** The part of an OpenAPI v3 schema that tells which fields there are. */
export interface PublishedSchema {
  properties?: Record<string, PublishedSchema>;
  items?: PublishedSchema;
  additionalProperties?: PublishedSchema | boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
  /** Shared schemas (object metadata) are only referred to. */
  $ref?: string;
  allOf?: PublishedSchema[];
}

/**
 * Whether objects of `schema` keep the field at `path` (`spec.interfaces.dhcp.mac`): lists and maps on the way count as
 * their items. Where the schema does not say, the answer is yes.
 */
export function knowsField(schema: PublishedSchema, path: string): boolean {
  let at = schema;
  for (const name of path.split('.')) {
    at = contentOf(at);
    if (isOpen(at)) return true;
    const next = at.properties?.[name];
    if (next === undefined) return false;
    at = next;
  }
  return true;
}

function contentOf(schema: PublishedSchema): PublishedSchema {
  const { additionalProperties, items } = schema;
  if (items !== undefined) return contentOf(items);
  return typeof additionalProperties === 'object' ? contentOf(additionalProperties) : schema;
}

function isOpen(schema: PublishedSchema): boolean {
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.additionalProperties === true ||
    schema.$ref !== undefined ||
    schema.allOf !== undefined
  );
}
