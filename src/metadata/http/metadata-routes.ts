import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { CaptError } from '../../api/errors/capt-error.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { keyOf } from '../../kube/client/path.ts';
import type { TrustedProxies } from '../../kube/http/trusted-proxies.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { ec2Node, ec2Version } from '../content/ec2-tree.ts';
import { ignitionOf, ignitionType } from '../content/ignition.ts';
import { nocloudFiles } from '../content/nocloud.ts';
import { rootioOf } from '../content/rootio.ts';
import { type HardwareLookup, hasAddress, type Lookup } from '../lookup/hardware-lookup.ts';
import { publishAnswer } from '../telemetry.ts';

export interface MetadataRoutesOptions {
  readonly lookup: HardwareLookup;
  readonly proxies: TrustedProxies;
  /**
   * Serves the tree by `metadata.instance.id` too, for machines behind address translation. What is secret (user-data and
   * vendor-data) only the machine itself gets there, or, with `anybody`, whoever knows the id. Default: off.
   */
  readonly instanceEndpoint?: 'off' | 'own-secrets' | 'anybody';
}

const plainText = 'text/plain; charset=utf-8';
const json = 'application/json; charset=utf-8';

/** What a route makes of the machine that asks; `undefined`: it has no such thing. */
type Content = (hardware: Hardware) => string | undefined;

/** Metadata over HTTP: the EC2-style tree, the NoCloud seed, Ignition and what `rootio` reads. */
export function metadataRoutes(options: MetadataRoutesOptions): FastifyPluginAsync {
  return async (app) => {
    new Routes(options).register(app);
  };
}

class Routes {
  readonly #options: MetadataRoutesOptions;

  constructor(options: MetadataRoutesOptions) {
    this.#options = options;
  }

  register(app: FastifyInstance): void {
    const root = `/${ec2Version}`;
    get(app, root, (_, reply) => reply.code(301).header('location', `${root}/`).send());
    get(app, `${root}/*`, (request, reply) => this.#ec2(request, reply, request.params['*'] ?? ''));
    for (const path of ['/metadata', '/metadata/']) {
      get(app, path, (request, reply) => this.#answer(request, reply, json, rootioOf));
    }
    for (const path of ['/ignition', '/ignition/']) {
      get(app, path, (request, reply) => this.#answer(request, reply, ignitionType, ignitionOf));
    }
    for (const [file, content] of Object.entries(nocloudFiles)) {
      get(app, `/nocloud/${file}`, (request, reply) => this.#answer(request, reply, plainText, content));
    }
    if ((this.#options.instanceEndpoint ?? 'off') === 'off') return;
    const instance = '/tootles/instanceID/:instanceID';
    get(app, `${instance}${root}`, ({ url }, reply) => reply.code(301).header('location', slashed(url)).send());
    get(app, `${instance}${root}/*`, (request, reply) => this.#instance(request, reply));
  }

  #ec2(request: Request, reply: FastifyReply, path: string): unknown {
    const node = ec2Node(path);
    if (node === undefined) return nothing(reply, 404);
    if ('listing' in node) return send(reply, plainText, node.listing);
    return this.#answer(request, reply, plainText, node.value);
  }

  #answer(request: Request, reply: FastifyReply, type: string, content: Content): unknown {
    const client = this.#clientOf(request);
    if (client === undefined) return nothing(reply, 400);
    return this.#serve(reply, client, this.#options.lookup.byAddress(client), type, content);
  }

  #instance(request: Request, reply: FastifyReply): unknown {
    const { instanceID: id = '', '*': path = '' } = request.params;
    const node = ec2Node(path);
    if (node === undefined || id.trim() === '') return nothing(reply, 404);
    if ('listing' in node) return send(reply, plainText, node.listing);
    const lookup = this.#options.lookup.byInstanceId(id);
    const restricted = node.secret === true && this.#options.instanceEndpoint !== 'anybody';
    if (restricted && lookup.outcome === 'found') {
      const client = this.#clientOf(request);
      if (client === undefined || !hasAddress(lookup.hardware, client)) {
        publishAnswer({ client: `${client} for instance ${id}`, status: 403 });
        return nothing(reply, 403);
      }
    }
    return this.#serve(reply, `instance ${id}`, lookup, plainText, node.value);
  }

  #serve(reply: FastifyReply, client: string, lookup: Lookup, type: string, content: Content): unknown {
    switch (lookup.outcome) {
      case 'found': {
        const text = content(lookup.hardware);
        return text === undefined ? nothing(reply, 404) : send(reply, type, text);
      }
      case 'unknown':
        publishAnswer({ client, status: 404 });
        return nothing(reply, 404);
      case 'unsynced':
        // Not 404: cloud-init would take that for an answer and go on without.
        reply.header('retry-after', '1');
        return nothing(reply, 503);
      case 'shared': {
        const names = lookup.hardware.map(({ metadata }) => keyOf(metadata)).sort();
        const error = new CaptError('METADATA_ADDRESS_SHARED', { address: client, names: names.join(' and ') });
        runtimeWarning.publish({ what: `metadata for ${client}`, error });
        publishAnswer({ client, status: 500 });
        return nothing(reply, 500);
      }
    }
  }

  #clientOf({ raw }: Request): string | undefined {
    return this.#options.proxies.clientOfRequest(raw);
  }
}

type Request = FastifyRequest<{ Params: Partial<Record<string, string>> }>;

/** Registers one path. Whatever is no GET is not there, as in the original; HEAD included. */
function get(app: FastifyInstance, url: string, handler: (request: Request, reply: FastifyReply) => unknown): void {
  app.route<{ Params: Partial<Record<string, string>> }>({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url,
    // A body would only be read to be thrown away.
    onRequest: (request, reply, next) => {
      if (request.method === 'GET') next();
      else nothing(reply, 404);
    },
    handler: (request, reply) => {
      handler(request, reply);
    },
  });
}

/** A proxy that kept an answer could give it to another machine. */
function send(reply: FastifyReply, type: string, text: string): unknown {
  return reply.header('content-type', type).header('cache-control', 'no-store').send(text);
}

/** Errors have no body: clients would take it for a value. */
function nothing(reply: FastifyReply, status: number): unknown {
  return reply.code(status).header('cache-control', 'no-store').header('content-length', '0').send();
}

/** The same path with a slash at the end, before the query; never with a host, which the request could have made up. */
function slashed(url: string): string {
  const [path = '', ...query] = url.split('?');
  return `/${path.replace(/^\/+/, '')}/${query.length === 0 ? '' : `?${query.join('?')}`}`;
}
