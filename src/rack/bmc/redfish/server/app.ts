import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { sleep } from '../../../../api/time/clock.ts';
import type { JsonObject } from '../json.ts';
import { Refusal } from '../refusal.ts';
import type { RedfishService, ServiceAnswer } from '../service.ts';
import { spoil } from './spoil.ts';

/** HTTP(S) in front of a Redfish service, with what goes wrong on the wire. */
export function redfishApp(service: RedfishService, record: (method: string, path: string) => void): FastifyInstance {
  const { tls } = service.settings;
  const common = { logger: false, bodyLimit: 2 ** 20, forceCloseConnections: true } as const;
  const app = (tls === undefined ? Fastify(common) : Fastify({ ...common, https: { ...tls } })) as FastifyInstance;
  app.removeAllContentTypeParsers();
  // An action without parameters may come without a body, whatever type it says it has.
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)));
    } catch {
      const { status, body: json } = new Refusal({ status: 400, id: 'MalformedJSON', message: 'This is not JSON.' });
      done(Object.assign(new Error('malformed'), { statusCode: status, json }), undefined);
    }
  });
  app.setErrorHandler((error: Error & { statusCode?: number; json?: JsonObject }, _request, reply) => {
    void reply.code(error.statusCode ?? 500).send(error.json ?? {});
  });
  app.setNotFoundHandler((request, reply) => serve(service, request, reply, record));
  app.route({
    method: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'PUT'],
    url: '/redfish*',
    exposeHeadRoute: false,
    handler: (request, reply) => serve(service, request, reply, record),
  });
  return app;
}

async function serve(
  service: RedfishService,
  request: FastifyRequest,
  reply: FastifyReply,
  record: (method: string, path: string) => void,
): Promise<FastifyReply> {
  const { faults, quirks, clock } = service.settings;
  const { method } = request;
  const path = decodeURI(request.url.split('?', 1)[0] ?? '/');
  record(method, path);
  if (faults.slowMs > 0) await sleep(clock, faults.slowMs);
  const strikes = quirks.wireFault !== 'none' && quirks.strikes(method, path);
  const body = (request.body ?? {}) as JsonObject;
  // A request that is lost on its way back was carried out all the same.
  const answer = service.answer({ method, path, headers: request.headers, body });
  if (strikes) return spoil(quirks.wireFault, reply, answer);
  if (quirks.closesConnections) reply.header('connection', 'close');
  return send(reply, answer);
}

function send(reply: FastifyReply, { status, headers, json }: ServiceAnswer): FastifyReply {
  reply.code(status).headers({ 'odata-version': '4.0', 'cache-control': 'no-cache', ...headers });
  if (json === undefined) return reply.send();
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(json));
}
