import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { Dice } from '../dice.ts';
import { FakeChassis } from '../fake-chassis.ts';
import type { JsonObject } from './json.ts';
import type { VirtualRedfishBmcOptions } from './options.ts';
import { profiles } from './profiles/all.ts';
import { RedfishService, type ServiceAnswer } from './service.ts';

const basic = { authorization: `Basic ${btoa('admin:secret')}` };
const systemPath = '/redfish/v1/Systems/machine';

function service(options: Partial<VirtualRedfishBmcOptions> = {}) {
  const clock = new FakeClock();
  const count = options.profile?.systemIds.length ?? 1;
  const chassis = Array.from({ length: count }, () => new FakeChassis({ clock }));
  const made = new RedfishService({ users: [{ name: 'admin', password: 'secret' }], clock, ...options, chassis });
  const ask = (method: string, path: string, body: JsonObject = {}, headers: Record<string, string> = basic) =>
    made.answer({ method, path, body, headers });
  return { made, ask, clock, chassis };
}

function login(ask: ReturnType<typeof service>['ask'], password = 'secret'): ServiceAnswer {
  return ask('POST', '/redfish/v1/SessionService/Sessions', { UserName: 'admin', Password: password }, {});
}

describe('a virtual Redfish BMC', () => {
  it('shows its root to everybody, and nothing else', () => {
    const { ask } = service();
    assert.equal(ask('GET', '/redfish', {}, {}).status, 200);
    assert.equal(ask('GET', '/redfish/v1/', {}, {}).status, 200);
    assert.equal(ask('GET', systemPath, {}, {}).status, 401);
    assert.equal(ask('GET', '/redfish/v1/Nothing', {}, {}).status, 401);
    assert.equal(ask('GET', '/redfish/v1/Nothing').status, 404);
    assert.equal(ask('DELETE', systemPath).headers['allow'], 'GET, HEAD, PATCH');
  });

  it('opens sessions up to a limit, and ends those that nobody uses', async () => {
    const { ask, made, clock } = service({ sessionLimit: 2, sessionTimeoutMs: 60_000 });
    assert.equal(login(ask, 'wrong').status, 401);
    assert.equal(made.doorkeeper.refusedLogins, 1);
    const token = login(ask).headers['x-auth-token'] ?? '';
    assert.equal(login(ask).status, 201);
    assert.equal(login(ask).status, 503);
    assert.equal(ask('GET', systemPath, {}, { 'x-auth-token': token }).status, 200);
    await clock.advance(59_999);
    assert.equal(ask('GET', systemPath, {}, { 'x-auth-token': token }).status, 200);
    await clock.advance(60_000);
    assert.equal(ask('GET', systemPath, {}, { 'x-auth-token': token }).status, 401);
    assert.equal(made.sessions.size, 0);
  });

  it('forgets its sessions when told to', () => {
    const { ask } = service({ faults: { forgetsSessionsAfter: 2 } });
    const headers = { 'x-auth-token': login(ask).headers['x-auth-token'] ?? '' };
    const statuses = [1, 2, 3].map(() => ask('GET', systemPath, {}, headers).status);
    assert.deepEqual(statuses, [200, 200, 401]);
  });

  it('compares entity tags', () => {
    const { ask } = service({ quirks: { demandsIfMatch: true } });
    const change = { Boot: { BootSourceOverrideTarget: 'Pxe', BootSourceOverrideEnabled: 'Once' } };
    const { etag = '' } = ask('GET', systemPath).headers;
    assert.equal(ask('PATCH', systemPath, change).status, 428);
    assert.equal(ask('PATCH', systemPath, change, { ...basic, 'if-match': '"other"' }).status, 412);
    assert.equal(ask('PATCH', systemPath, change, { ...basic, 'if-match': etag }).status, 200);
    assert.notEqual(ask('GET', systemPath).headers['etag'], etag);
  });

  it('does things after it has answered, when told to', async () => {
    const { ask, clock, chassis } = service({ quirks: { tasks: 'monitor', taskMs: 1000 } });
    const reset = ask('POST', `${systemPath}/Actions/ComputerSystem.Reset`, { ResetType: 'On' });
    assert.equal(reset.status, 202);
    const { location = '' } = reset.headers;
    assert.equal(ask('GET', location).status, 202);
    assert.equal(chassis[0]?.actualPowerState, 'off');
    await clock.advance(1000);
    assert.equal(ask('GET', location).status, 200);
    assert.equal(chassis[0]?.actualPowerState, 'on');
  });

  it('is busy as the dice fall, the same for the same seed', () => {
    const statuses = () => {
      const { ask } = service({ faults: { busyChance: 0.5 }, dice: new Dice(7) });
      return Array.from({ length: 20 }, () => ask('GET', systemPath).status);
    };
    assert.deepEqual(statuses(), statuses());
    assert.deepEqual(new Set(statuses()), new Set([200, 503]));
    assert.throws(() => service({ faults: { busyChance: 0.5 } }).ask('GET', systemPath), /needs dice/);
  });

  it('refuses what makes no sense', () => {
    const { ask } = service();
    const reset = (ResetType: unknown) =>
      ask('POST', `${systemPath}/Actions/ComputerSystem.Reset`, { ResetType }).status;
    assert.deepEqual([reset('On'), reset('On'), reset('Explode'), reset(undefined)], [204, 409, 400, 400]);
    const boot = (Boot: unknown) => ask('PATCH', systemPath, { Boot }).status;
    const targets = ['Pxe', 'Nowhere', '__proto__'].map((BootSourceOverrideTarget) =>
      boot({ BootSourceOverrideTarget }),
    );
    assert.deepEqual(targets, [200, 400, 400]);
    assert.equal(boot(null), 400);
    assert.equal(ask('PATCH', systemPath, { PowerState: 'On' }).status, 400);
  });

  it('asks for a machine for every system', () => {
    const blades = profiles.find(({ name }) => name === 'blades');
    assert.ok(blades);
    const users = [{ name: 'admin', password: 'secret' }];
    assert.throws(() => new RedfishService({ profile: blades, users, chassis: [] }), /needs 3 chassis/);
  });

  for (const profile of profiles) {
    it(`leads by its links only to what is there, as ${profile.name}`, () => {
      const { ask } = service({ profile });
      const seen = new Set<string>();
      const queue = ['/redfish/v1/'];
      for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
        if (seen.has(path)) continue;
        seen.add(path);
        const { status, json } = ask('GET', path);
        assert.equal(status, 200, path);
        assert.equal(String(json?.['@odata.id']).replace(/\/$/, ''), path.replace(/\/$/, ''));
        for (const [, link] of JSON.stringify(json).matchAll(/"@odata\.id":"([^"]+)"/g)) queue.push(link ?? '');
      }
      assert.ok(seen.size > 20, String(seen.size));
    });
  }
});
