import type { BmcCredentials, CallOptions } from '../../port.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { refusalOf } from '../http/refusal.ts';
import type { Json } from '../json.ts';
import { linkAt } from '../link.ts';
import type { Authentication } from './authentication.ts';
import { BasicAuthentication } from './basic.ts';
import { SessionAuthentication } from './session.ts';

/**
 * Opens a session, or falls back to basic authentication where the BMC has no sessions to give.
 * @throws BmcError `unauthorized` for wrong credentials, which are tried only once
 */
export async function login(
  exchange: Exchange,
  root: Json,
  credentials: BmcCredentials,
  useBasicAuth: boolean,
  call: CallOptions,
): Promise<Authentication> {
  const basic = new BasicAuthentication(credentials, exchange.peer);
  if (useBasicAuth) return basic;
  const sessions = await sessionsPath(exchange, root, basic, call);
  if (sessions === undefined) return basic;
  const session = new SessionAuthentication(exchange, credentials, sessions);
  const answer = await session.login(call);
  if (session.isOpen) return session;
  if (answer.ok || hasNoSession(answer)) return basic;
  throw refusalOf(answer, 'login', exchange.peer, exchange.clock.now());
}

/** The service root names it for those who have not logged in yet (DSP0266 §13.3.4.2). */
async function sessionsPath(
  exchange: Exchange,
  root: Json,
  basic: Authentication,
  call: CallOptions,
): Promise<string | undefined> {
  const direct = linkAt(root, 'Links', 'Sessions');
  const service = linkAt(root, 'SessionService');
  if (direct !== undefined || service === undefined) return direct;
  const answer = await exchange.send({ method: 'GET', path: service, headers: basic.headers() }, call);
  return answer.ok ? linkAt(answer.json, 'Sessions') : undefined;
}

/**
 * Whether the BMC refused the session and not the credentials: it has no such service, or as many sessions open as it
 * can. Where it may have been the credentials, basic authentication would be a second failed attempt.
 */
function hasNoSession(answer: Answer): boolean {
  if (
    answer.messages.some(({ id }) => /^(SessionLimitExceeded|CreateLimitReachedForResource|MaxSessions\w*)$/.test(id))
  ) {
    return true;
  }
  return [404, 405, 501].includes(answer.status);
}
