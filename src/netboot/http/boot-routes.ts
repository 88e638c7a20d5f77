import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { TrustedProxies } from '../../kube/http/trusted-proxies.ts';
import type { BootFiles } from '../ipxe/boot-files.ts';
import type { BootProgram } from '../ipxe/boot-programs.ts';
import type { Scripts } from '../ipxe/scripts.ts';
import { publishAnswer } from '../telemetry.ts';
import { sendContent } from './content.ts';
import { mediaTypeOf } from './media-type.ts';

export interface BootRoutesOptions {
  files: BootFiles;
  /** Who may speak for the machine that asks. */
  proxies: TrustedProxies;
  /** Absent: no scripts are served. */
  scripts?: Pick<Scripts, 'answer'>;
  /** Serve the programs. Default true. */
  programs?: boolean;
  /** Serve what TFTP serves under this prefix as well, such as `/tftp/`. Default: not. */
  pxePrefix?: string;
  /** False: the machines are not known yet. */
  ready(): boolean;
}

type PathRequest = FastifyRequest<{ Params: { '*': string } }>;

/** `/ipxe/script/…/auto.ipxe`, `/ipxe/binary/…/<program>` and, if wanted, PXE files. */
export function bootRoutes(options: BootRoutesOptions): FastifyPluginAsync {
  const { files, proxies, scripts, programs = true, pxePrefix } = options;
  return async (app) => {
    if (scripts !== undefined) {
      // iPXE repeats what cannot be answered yet; a 404 would end its boot.
      app.all('/ipxe/script/*', (request: PathRequest, reply) =>
        options.ready()
          ? sendScript(request, reply, scripts, clientOf(request, proxies))
          : notReady(reply, clientOf(request, proxies)),
      );
    }
    if (programs) {
      readOnly(app, '/ipxe/binary/*', (request, reply) => {
        const client = clientOf(request, proxies);
        const program = files.program(request.params['*'], client);
        return program === undefined ? notFound('binary', reply, client) : sendProgram(request, reply, program, client);
      });
    }
    if (pxePrefix !== undefined) {
      readOnly(app, `${withSlashes(pxePrefix)}*`, (request, reply) => {
        const client = clientOf(request, proxies);
        const content = files.find(request.params['*'], client);
        if (content === undefined) return notFound('file', reply, client);
        return reply.type(mediaTypeOf(request.params['*'])).header('content-length', content.length).send(content);
      });
    }
  };
}

function sendScript(
  request: PathRequest,
  reply: FastifyReply,
  scripts: Pick<Scripts, 'answer'>,
  client: string,
): FastifyReply {
  const { status, text, reason } = scripts.answer(request.params['*'], client);
  publishAnswer({ kind: 'script', client, status, ...(reason === undefined ? {} : { reason }) });
  // A string without a type would be JSON to some clients and HTML to others.
  return reply.code(status).header('content-type', 'text/plain; charset=utf-8').send(text);
}

function sendProgram(request: FastifyRequest, reply: FastifyReply, program: BootProgram, client: string): FastifyReply {
  const { name, content, modifiedMs, sha256 } = program;
  publishAnswer({ kind: 'binary', client, status: 200 });
  return sendContent(request, reply, {
    sizeBytes: content.length,
    mediaType: mediaTypeOf(name),
    modifiedMs,
    etag: `"${sha256}"`,
    sha256,
    read: (first, last) => content.subarray(first, last + 1),
  });
}

type Handler = (request: PathRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>;

/** GET and HEAD are answered by `handler`, every other method by 405. */
export function readOnly(app: Parameters<FastifyPluginAsync>[0], url: string, handler: Handler): void {
  app.route({ method: ['GET', 'HEAD'], url, handler });
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url,
    handler: (_, reply) => reply.code(405).header('allow', 'GET, HEAD').send(),
  });
}

/** Which machine asks, in canonical form; '' when the connection is gone, which is the address of none. */
export function clientOf({ raw }: FastifyRequest, proxies: TrustedProxies): string {
  return proxies.clientOfRequest(raw) ?? '';
}

export function notFound(kind: 'binary' | 'file', reply: FastifyReply, client: string): FastifyReply {
  publishAnswer({ kind, client, status: 404 });
  return reply.code(404).send();
}

function notReady(reply: FastifyReply, client: string): FastifyReply {
  const reason = 'the Hardware is not known yet';
  publishAnswer({ kind: 'script', client, status: 503, reason });
  return reply.code(503).header('retry-after', '1').type('text/plain').send(`${reason}\n`);
}

function withSlashes(prefix: string): string {
  return `/${prefix}/`.replace(/\/{2,}/g, '/');
}
