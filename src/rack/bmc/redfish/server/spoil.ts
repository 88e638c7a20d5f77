import type { FastifyReply } from 'fastify';
import type { WireFault } from '../quirks.ts';
import type { ServiceAnswer } from '../service.ts';

/** Sends an answer in the way that `fault` leaves of it. */
export function spoil(fault: WireFault, reply: FastifyReply, answer: ServiceAnswer): FastifyReply {
  const text = JSON.stringify(answer.json ?? {});
  if (fault === 'hang') return reply.hijack();
  if (fault === 'cut') {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  const bodies: Record<Exclude<WireFault, 'hang' | 'cut'>, string> = {
    none: text,
    truncate: text.slice(0, text.length / 2),
    garbage: '<html><body>\u0000Internal error</body></html>',
    list: '[1,2,3]',
    empty: '',
    huge: `{"Name":"${'x'.repeat(8 * 2 ** 20)}"}`,
  };
  // 204 would leave out the very body that is wrong.
  const status = answer.status === 204 ? 200 : answer.status;
  return reply.code(status).headers(answer.headers).header('content-type', 'application/json').send(bodies[fault]);
}
