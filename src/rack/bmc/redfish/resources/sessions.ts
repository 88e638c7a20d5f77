import { collection, link, resource } from '../json.ts';
import type { Node, Tree } from '../node.ts';
import type { VirtualRedfishBmcSettings } from '../options.ts';
import { Refusal, refuse } from '../refusal.ts';
import type { Doorkeeper } from '../server/doorkeeper.ts';
import type { SessionTable } from '../state/session-table.ts';

const service = '/redfish/v1/SessionService';
const sessionsPath = `${service}/Sessions`;

/** The session service (DSP0266 §13.3.4). */
export function addSessions(
  tree: Tree,
  settings: VirtualRedfishBmcSettings,
  sessions: SessionTable,
  doorkeeper: Doorkeeper,
): void {
  if (settings.quirks.sessions === 'absent') return;
  tree.set(service, {
    get: () =>
      resource(service, 'SessionService.v1_1_8.SessionService', 'SessionService', 'Session Service', {
        ServiceEnabled: true,
        SessionTimeout: Math.round(settings.sessionTimeoutMs / 1000),
        Sessions: link(sessionsPath),
      }),
  });
  tree.set(sessionsPath, {
    publicMethods: ['POST'],
    get: () =>
      collection(
        sessionsPath,
        'Session',
        sessions.ids.map((id) => `${sessionsPath}/${id}`),
      ),
    post(body) {
      const user = doorkeeper.check(String(body['UserName'] ?? ''), String(body['Password'] ?? ''));
      if (user === undefined) throw refuse.credentials();
      const session = settings.quirks.sessions === 'full' ? undefined : sessions.open(user);
      if (session === undefined) throw full();
      const path = `${sessionsPath}/${session.id}`;
      return {
        apply: () => undefined,
        status: 201,
        headers: { location: path, 'x-auth-token': session.token },
        json: describe(path, session.id, user),
      };
    },
  });
}

/** The node of one session, which comes and goes. */
export function sessionNode(path: string, sessions: SessionTable): Node | undefined {
  if (!path.startsWith(`${sessionsPath}/`)) return undefined;
  const session = sessions.get(path.slice(sessionsPath.length + 1));
  if (session === undefined) return undefined;
  return {
    get: () => describe(path, session.id, session.user),
    delete: () => ({ apply: () => sessions.close(session.id), status: 204 }),
  };
}

function describe(path: string, id: string, user: string) {
  return resource(path, 'Session.v1_3_0.Session', id, 'User Session', { UserName: user });
}

function full(): Refusal {
  return new Refusal({
    status: 503,
    id: 'SessionLimitExceeded',
    message: 'The session establishment failed due to the number of simultaneous sessions exceeding the limit.',
  });
}
