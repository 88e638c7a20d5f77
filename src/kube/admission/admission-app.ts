import type { Server, ServerOptions } from 'node:https';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Clock } from '../../api/time/clock.ts';
import { Deadline, DeadlineExceeded } from '../client/deadline.ts';
import { reasonOfCode } from '../client/errors.ts';
import { admissionDone, runtimeWarning } from '../telemetry/channels.ts';
import { type AdmissionRequest, decodeReview, MalformedReview } from './admission-request.ts';
import { type AdmissionVerdict, encodeVerdict } from './admission-verdict.ts';
import type { AdmissionHandler } from './handler.ts';
import { wrongKindMessage } from './problem.ts';

export interface AdmissionAppOptions {
  handlers: readonly AdmissionHandler[];
  bodyLimitMebibytes: number;
  handlerTimeoutSeconds: number;
  clock: Clock;
}

/** How long a client may take to send its request: the API server gives up on a webhook after 30 s at most. */
const requestTimeoutMs = 30_000;

/**
 * The HTTP side of the webhooks. Whatever comes in, an answer in JSON goes out.
 * @param tls `null` for tests that inject requests without a socket
 */
export function admissionApp(options: AdmissionAppOptions, tls: ServerOptions | null): FastifyInstance<Server> {
  const app = Fastify({
    https: tls,
    bodyLimit: options.bodyLimitMebibytes * 1024 * 1024,
    requestTimeout: requestTimeoutMs,
    // Members called `__proto__` are data like any other, and nothing here walks prototypes.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    forceCloseConnections: 'idle',
  });
  for (const handler of options.handlers) addRoute(app, handler, options);
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, `there is no webhook at ${request.method} ${request.url}`),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = error instanceof MalformedReview ? 400 : (error.statusCode ?? 500);
    publish(request.routeOptions.url, code, false, reply);
    if (code < 500) return refuse(reply, code, error.message);
    runtimeWarning.publish({ what: `request to ${request.url} failed`, error });
    return refuse(reply, code, 'the request could not be handled');
  });
  return app;
}

function addRoute(app: FastifyInstance<Server>, handler: AdmissionHandler, options: AdmissionAppOptions): void {
  app.post(handler.path, async (request, reply) => {
    const review = decodeReview(request.body);
    const verdict = await judge(handler, review, options);
    publish(handler.path, verdict.allowed ? 200 : verdict.status.code, verdict.allowed, reply);
    return encodeVerdict(review.uid, verdict);
  });
}

/** The verdict of a handler, whatever the handler does. */
async function judge(
  handler: AdmissionHandler,
  review: Omit<AdmissionRequest, 'signal'>,
  { handlerTimeoutSeconds, clock }: AdmissionAppOptions,
): Promise<AdmissionVerdict> {
  const { resource, path } = handler;
  const { kind, uid } = review;
  if (kind.group !== resource.group || kind.kind !== resource.kind || kind.version !== resource.version) {
    return refusal(400, wrongKindMessage(resource, kind));
  }
  using deadline = new Deadline(undefined, handlerTimeoutSeconds, clock);
  const { signal } = deadline;
  try {
    return await Promise.race([handler.handle({ ...review, signal }), rejectOnAbort(signal)]);
  } catch (error) {
    const late = error instanceof DeadlineExceeded;
    runtimeWarning.publish({ what: `webhook ${path} ${late ? 'took too long' : 'failed'} on request ${uid}`, error });
    // What was thrown may hold anything; it goes to the log, not to the user.
    return late
      ? refusal(504, `the webhook ${path} found no verdict within ${handlerTimeoutSeconds} s; try again`)
      : refusal(500, `the webhook ${path} failed; its log tells why (request ${uid})`);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function refusal(code: number, message: string): AdmissionVerdict {
  return { allowed: false, status: { code, reason: reasonOfCode(code), message } };
}

/** The part of a reply used here; the whole type differs with the kind of server. */
interface Replier {
  code(code: number): { send(payload: object): unknown };
}

function refuse(reply: Replier, code: number, message: string): unknown {
  const reason = reasonOfCode(code);
  return reply.code(code).send({ apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message });
}

function publish(path: string | undefined, code: number, allowed: boolean, reply: { elapsedTime: number }): void {
  // Paths that nobody serves would each become a metric of their own.
  if (path !== undefined) admissionDone.publish({ path, code, allowed, seconds: reply.elapsedTime / 1000 });
}
