import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import type { BmcErrorKind } from '../bmc-error.ts';
import { FakeHttp, type Script, type ScriptedAnswer } from './fake-http.ts';
import type { RedfishOptions } from './options.ts';
import { RedfishDriver } from './redfish-driver.ts';

const credentials = { username: 'admin', password: 'hunter2' };
const call = { signal: new AbortController().signal };
const token = 'token-of-the-session';

const root = {
  RedfishVersion: '1.6.0',
  Systems: link('/s'),
  Managers: link('/m'),
  Links: { Sessions: link('/sessions') },
};
const system = {
  Id: '1',
  PowerState: 'On',
  Boot: {},
  Actions: {
    '#ComputerSystem.Reset': { target: '/s/1/reset', 'ResetType@Redfish.AllowableValues': ['On', 'ForceOff'] },
  },
};

function link(path: string) {
  return { '@odata.id': path };
}

/** A small BMC by the book; what `odd` answers comes first. */
function bmc(odd: Script = () => undefined): FakeHttp {
  const usual: Record<string, ScriptedAnswer> = {
    'GET /redfish/v1/': { json: root },
    'POST /sessions': { status: 201, headers: { 'x-auth-token': token, location: '/sessions/1' } },
    'DELETE /sessions/1': { status: 204 },
    'GET /s': { json: { Members: [link('/s/1')] } },
    'GET /s/1': { json: system },
    'POST /s/1/reset': { status: 204 },
  };
  return new FakeHttp((request, count) => odd(request, count) ?? usual[`${request.method} ${request.path}`]);
}

function open(http: FakeHttp, options: RedfishOptions = {}, clock = new FakeClock()) {
  const driver = new RedfishDriver({ clock, connect: () => http });
  return driver.open({ host: 'bmc.test', credentials }, { ...call, ...options });
}

function failsAs(kind: BmcErrorKind, message: RegExp) {
  return (error: Error & { kind?: string }) => {
    assert.equal(error.name, 'BmcError');
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /hunter2|token-of/);
    return true;
  };
}

describe('the Redfish driver', () => {
  it('logs in by a session, uses its token, and deletes it', async () => {
    const http = bmc();
    const session = await open(http);
    assert.equal(await session.powerState(call), 'on');
    await session[Symbol.asyncDispose]();
    const expected = ['GET /redfish/v1/', 'POST /sessions', 'GET /s', 'GET /s/1', 'GET /s/1', 'DELETE /sessions/1'];
    assert.deepEqual(http.lines, expected);
    assert.deepEqual(http.requests[1]?.json, { UserName: 'admin', Password: 'hunter2' });
    assert.equal(http.requests[0]?.headers['authorization'], undefined);
    for (const request of http.requests.slice(2)) assert.equal(request.headers['x-auth-token'], token);
    assert.ok(http.isClosed);
  });

  it('sends name and password each time when told to', async () => {
    const http = bmc();
    await open(http, { useBasicAuth: true });
    assert.deepEqual(http.lines, ['GET /redfish/v1/', 'GET /s', 'GET /s/1']);
    assert.equal(http.requests[1]?.headers['authorization'], `Basic ${btoa('admin:hunter2')}`);
  });

  const withoutSessions: Record<string, Script> = {
    'has no session service': ({ path }) => (path === '/redfish/v1/' ? { json: { ...root, Links: {} } } : undefined),
    'links to none': ({ path }) => (path === '/sessions' ? { status: 404 } : undefined),
    'takes no login there': ({ path }) => (path === '/sessions' ? { status: 405 } : undefined),
    'gives no token': ({ path }) => (path === '/sessions' ? { status: 201 } : undefined),
    'has as many sessions open as it can': ({ path }) =>
      path === '/sessions' ? { status: 400, json: { error: { code: 'Base.1.8.SessionLimitExceeded' } } } : undefined,
  };
  for (const [what, script] of Object.entries(withoutSessions)) {
    it(`falls back to basic authentication where the BMC ${what}`, async () => {
      const http = bmc(script);
      await open(http);
      assert.match(http.requests.at(-1)?.headers['authorization'] ?? '', /^Basic /);
    });
  }

  for (const [status, json] of [
    [401, {}],
    [403, {}],
    [400, { error: { code: 'iLO.0.10.UnauthorizedLoginAttempt', message: 'hunter2 is wrong' } }],
  ] as const) {
    it(`tries wrong credentials once, answered ${status}, since BMCs lock accounts`, async () => {
      const http = bmc(({ path }) => (path === '/sessions' ? { status, json } : undefined));
      await assert.rejects(open(http), failsAs('unauthorized', /login: HTTP 4/));
      assert.deepEqual(http.lines, ['GET /redfish/v1/', 'POST /sessions']);
      assert.ok(http.isClosed);
    });
  }

  it('does not try basic credentials twice either', async () => {
    const http = bmc(({ path }) => (path === '/s' ? { status: 401 } : undefined));
    await assert.rejects(open(http, { useBasicAuth: true }), failsAs('unauthorized', /GET \/s/));
    assert.equal(http.lines.filter((line) => line === 'GET /s').length, 1);
  });

  it('logs in anew, once, when its session has expired, and then does what it was asked', async () => {
    const http = bmc(({ path }, count) => (path === '/s/1/reset' && count === 1 ? { status: 401 } : undefined));
    const session = await open(http);
    await session.power('off', call);
    const after = http.lines.slice(http.lines.indexOf('POST /s/1/reset'));
    assert.deepEqual(after, ['POST /s/1/reset', 'POST /sessions', 'POST /s/1/reset']);
  });

  it('gives up when the fresh session is refused as well', async () => {
    const http = bmc(({ path, method }, count) =>
      (path === '/s/1' && count > 1) || (path === '/sessions' && method === 'POST' && count > 1)
        ? { status: 401 }
        : undefined,
    );
    const session = await open(http);
    await assert.rejects(session.powerState(call), failsAs('unauthorized', /GET \/s\/1/));
    assert.equal(http.lines.filter((line) => line === 'POST /sessions').length, 2);
  });

  it('does not take a BMC that restarts for one that refuses the credentials', async () => {
    let restarts = false;
    const http = bmc(({ path, method, headers }, count) => {
      if (method === 'POST' && path === '/sessions' && count === 2)
        return { status: 503, headers: { 'retry-after': '9' } };
      const isForgotten = restarts && path === '/s/1' && headers['x-auth-token'] !== undefined && count < 4;
      return isForgotten || (path === '/s/1' && headers['x-auth-token'] === undefined) ? { status: 401 } : undefined;
    });
    const session = await open(http);
    restarts = true;
    const error = await session.powerState(call).catch((reason: unknown) => reason);
    failsAs('busy', /login: HTTP 503/)(error as Error);
    restarts = false;
    assert.equal(await session.powerState(call), 'on');
  });

  it('does not leave a session behind when it cannot find the system', async () => {
    const http = bmc(({ path }) => (path === '/s' ? { json: { Members: [link('/s/1'), link('/s/2')] } } : undefined));
    await assert.rejects(open(http), failsAs('unsupported', /GET \/s\/2/));
    assert.equal(http.lines.at(-1), 'DELETE /sessions/1');
  });

  it('follows redirects of the BMC to itself, and to nobody else', async () => {
    const moved: Script = ({ path }) =>
      path === '/s' ? { status: 308, headers: { location: '/systems' } } : undefined;
    const there: Script = (request, count) =>
      request.path === '/systems' ? { json: { Members: [link('/s/1')] } } : moved(request, count);
    assert.ok(await open(bmc(there)));
    for (const [location, text] of [
      ['https://elsewhere.test/s', /redirects to https:\/\/elsewhere\.test, not followed/],
      ['https://bmc.test/s', /redirects to https:\/\/bmc\.test/],
      ['/s', /redirects without end/],
      ['http://[', /redirects to nowhere/],
    ] as const) {
      const http = bmc(({ path }) => (path === '/s' ? { status: 302, headers: { location } } : undefined));
      await assert.rejects(open(http), failsAs('protocol', text));
      assert.ok(http.requests.every(({ path }) => path.startsWith('/')));
    }
  });

  it('does not follow a redirect that turns a command into a question', async () => {
    const http = bmc(({ path }) => (path === '/s/1/reset' ? { status: 302, headers: { location: '/x' } } : undefined));
    const session = await open(http);
    await assert.rejects(session.power('off', call), failsAs('protocol', /does not keep what was asked/));
  });

  it('reads again after a connection was lost, and repeats no command', async () => {
    const lost = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
    const reading = bmc(({ path }, count) => (path === '/s/1' && count === 2 ? { error: lost } : undefined));
    assert.equal(await (await open(reading)).powerState(call), 'on');
    const acting = bmc(({ path }) => (path === '/s/1/reset' ? { error: lost } : undefined));
    const session = await open(acting);
    await assert.rejects(session.power('off', call), failsAs('unreachable', /POST \/s\/1\/reset: other side closed/));
    assert.equal(acting.lines.filter((line) => line === 'POST /s/1/reset').length, 1);
  });

  it('says that no Redfish is spoken where that is so', async () => {
    await assert.rejects(open(new FakeHttp(() => ({ status: 404 }))), failsAs('unsupported', /HTTP 404/));
    await assert.rejects(
      open(new FakeHttp(() => ({ text: '<html>' }))),
      failsAs('protocol', /not a Redfish service root/),
    );
    await assert.rejects(
      open(bmc(({ path }) => (path === '/s/1' ? { text: '{"a":' } : undefined))),
      failsAs('protocol', /JSON/),
    );
    const empty = new FakeHttp(() => ({ json: { RedfishVersion: '1.0.0' } }));
    await assert.rejects(open(empty), failsAs('unsupported', /no Systems/));
  });

  it('sends nothing to what is no host, and without a name', async () => {
    const driver = new RedfishDriver({ connect: () => assert.fail('connected') });
    const target = { host: 'a/b@c', credentials };
    await assert.rejects(driver.open(target, call), failsAs('rejected', /neither a host name nor an address/));
    const nobody = { host: 'bmc.test', credentials: { username: '', password: 'hunter2' } };
    await assert.rejects(driver.open(nobody, call), failsAs('unauthorized', /no user name/));
  });

  it('takes a service root that is open only to those with a login', async () => {
    const http = bmc(({ path, headers }) =>
      path === '/redfish/v1/' && headers['authorization'] === undefined ? { status: 401 } : undefined,
    );
    assert.ok(await open(http));
  });

  it('reads collections page by page, and none for ever', async () => {
    const http = bmc(({ path }) => {
      if (path === '/s') return { json: { Members: [], 'Members@odata.nextLink': '/s?page=2' } };
      if (path === '/s?page=2') return { json: { Members: [link('/s/1')], 'Members@odata.nextLink': '/s' } };
      return undefined;
    });
    assert.ok(await open(http));
  });

  it('gives up when it is called off, as one who cannot reach the BMC', async () => {
    const abort = new AbortController();
    const session = await open(bmc());
    abort.abort(new Error('enough'));
    await assert.rejects(session.powerState({ signal: abort.signal }), failsAs('unreachable', /enough/));
  });
});
