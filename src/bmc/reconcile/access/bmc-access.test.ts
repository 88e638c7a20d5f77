import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Connection } from '../../../api/bmc/v1alpha1/connection.ts';
import { systemClock } from '../../../api/time/clock.ts';
import { FakeClock } from '../../../api/time/fake-clock.ts';
import { BmcError, type BmcErrorKind } from '../../bmc-error.ts';
import { brokenDriver, emptyDriver, FakeBmc, FakeDriver } from '../../fake-driver.ts';
import type { BmcDriver } from '../../port.ts';
import { providersOf } from '../../providers.ts';
import { type BmcSettings, defaultBmcSettings } from '../settings.ts';
import { BmcAccess, type BmcRequest } from './bmc-access.ts';
import { BmcFailure } from './failure.ts';

const connection: Connection = { host: 'm', insecureTLS: true };

function rig(drivers: { ipmi?: BmcDriver; redfish?: BmcDriver } = {}, settings: Partial<BmcSettings> = {}) {
  const bmc = new FakeBmc();
  const redfish = new FakeDriver(new Map([['m', bmc]]), 'redfish');
  const clock = new FakeClock();
  const access = new BmcAccess(providersOf({ redfish, ...drivers }), { ...defaultBmcSettings, ...settings }, clock);
  const request = (given: Partial<BmcRequest> = {}): BmcRequest => {
    const signal = new AbortController().signal;
    return { connection, credentials: bmc.login, purpose: 'task', needs: 'power', signal, ...given };
  };
  const read = (given: Partial<BmcRequest> = {}) => {
    const asked = request(given);
    return access.use(asked, (session) => session.powerState({ signal: asked.signal }));
  };
  return { bmc, redfish, clock, access, read, request };
}

async function failure(work: Promise<unknown>, kind: BmcErrorKind): Promise<BmcFailure> {
  const error = await work.then(
    () => assert.fail('it went well'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BmcFailure, String(error));
  assert.equal(error.kind, kind, error.message);
  return error;
}

const down =
  (kind: BmcErrorKind, message: string = kind) =>
  () => {
    throw new BmcError(kind, message);
  };

describe('the access to BMCs', () => {
  it('asks a BMC one thing at a time, whoever asks', async () => {
    const { bmc, read } = rig();
    await Promise.all(Array.from({ length: 8 }, (_, i) => read({ purpose: i % 2 ? 'task' : 'poll' })));
    assert.equal(bmc.mostSessions, 1);
    assert.equal(bmc.openSessions, 0);
  });

  it('does not ask it more often than so many times a minute', async () => {
    const { bmc, read, clock } = rig({}, { sessionsPerMinute: 30, sessionBurst: 2 });
    const all = Promise.all([read(), read(), read()]);
    await clock.advance(1999);
    assert.equal(bmc.calls.filter((call) => call === 'open').length, 2);
    await clock.advance(1);
    await all;
    assert.equal(bmc.calls.filter((call) => call === 'open').length, 3);
  });

  it('row 28, eks-anywhere#10362: one dead BMC holds up no other', async () => {
    const { bmc, redfish, access, request, clock } = rig({}, { connectTimeoutSeconds: 60 });
    const dead = new FakeBmc();
    dead.before = () => new Promise(() => undefined);
    const both = new FakeDriver(
      new Map([
        ['m', bmc],
        ['dead', dead],
      ]),
      redfish.provider,
    );
    const shared = new BmcAccess(providersOf({ redfish: both }), defaultBmcSettings, clock);
    const host = { connection: { ...connection, host: 'dead' } };
    const lost = failure(
      shared.use(request(host), (session) => session.powerState(request())),
      'unreachable',
    );
    assert.equal((await shared.use(request(), (session) => session.powerState(request()))).value, 'off');
    await clock.advance(60_000);
    assert.match((await lost).message, /no answer to "open a session" within 60 s/);
    assert.equal(access.size, 0);
  });

  it('M controller.go:56: gives all ways to a BMC together as long as it is told', async () => {
    const clock = new FakeClock();
    const hanging = { ipmi: brokenDriver('hangs', 'ipmi'), redfish: brokenDriver('hangs', 'redfish') };
    const settings = { ...defaultBmcSettings, connectTimeoutSeconds: 8 };
    const access = new BmcAccess(providersOf(hanging), settings, clock);
    const lost = failure(
      access.use(rig().request(), () => assert.fail('it was opened')),
      'unreachable',
    );
    await clock.advance(4000);
    await clock.advance(4000);
    assert.match((await lost).message, /ipmi: no answer .* within 4 s; redfish: no answer .* within 4 s/);
  });

  it('row 27, eks-anywhere#5682: a way that leads nowhere is shown, and tried last afterwards', async () => {
    const ipmi = emptyDriver('ipmi');
    const { read, clock } = rig({ ipmi });
    const note = 'answered by redfish, not by ipmi: connect to m: no route to host';
    assert.equal((await read()).note, note);
    assert.equal((await read()).note, note, 'the text changes although nothing changes');
    assert.equal(ipmi.opened.length, 1);
    await clock.advance(600_000);
    await read();
    assert.equal(ipmi.opened.length, 2);
  });

  it('takes the next way where one cannot do what is needed', async () => {
    const { bmc, read, request, access, redfish } = rig({
      ipmi: new FakeDriver(new Map([['m', new FakeBmc()]]), 'ipmi'),
    });
    const refusing = request({ needs: 'virtualMedia' });
    const { provider } = await access.use(refusing, async (session) => {
      if (session.provider === 'ipmi') throw new BmcError('unsupported', 'no virtual media');
      return session.virtualMedia(refusing);
    });
    assert.equal(provider, 'redfish');
    assert.equal((await read()).provider, 'ipmi');
    bmc.capabilities.delete('nmi');
    await failure(
      new BmcAccess(providersOf({ redfish }), defaultBmcSettings, new FakeClock()).use(request({ needs: 'nmi' }), () =>
        assert.fail('it was opened'),
      ),
      'unsupported',
    );
  });

  it('does not begin again elsewhere what was lost half-way', async () => {
    const ipmiBmc = new FakeBmc();
    const { bmc, access, request } = rig({ ipmi: new FakeDriver(new Map([['m', ipmiBmc]]), 'ipmi') });
    ipmiBmc.after = (call) => {
      if (call === 'power cycle') down('unreachable', 'connection lost')();
    };
    const asked = request();
    await failure(
      access.use(asked, (session) => session.power('cycle', asked)),
      'unreachable',
    );
    assert.deepEqual([ipmiBmc.commands, bmc.commands], [['power cycle'], []]);
  });

  it('row 35, sidero#222: leaves a BMC alone that fails again and again, and a Task looks more often than a poll', async () => {
    const { bmc, read, clock } = rig();
    bmc.before = down('unreachable', 'timed out');
    const opens = () => bmc.calls.length;
    let last: BmcFailure | undefined;
    for (const [waitMs, count] of [
      [0, 1],
      [1999, 1],
      [1, 2],
      [4000, 3],
      [29_999, 3],
      [1, 4],
      [60_000, 5],
      [60_000, 6],
    ] as const) {
      await clock.advance(waitMs);
      last = await failure(read(), 'unreachable');
      assert.equal(opens(), count);
    }
    await failure(read({ purpose: 'poll' }), 'unreachable');
    await clock.advance(60_000);
    await failure(read({ purpose: 'poll' }), 'unreachable');
    assert.equal(opens(), 6);
    assert.match(last?.message ?? '', /failed 6 times since 2026-01-01T00:00:00Z, left alone until 2026-/);
    bmc.before = () => undefined;
    assert.equal((await read()).value, 'off');
    bmc.before = down('unreachable');
    await failure(read(), 'unreachable');
    assert.equal((await failure(read(), 'unreachable')).message.includes('failed once'), true);
  });

  it('row 25, metal-operator#67: tries a new login at once, and a refused one rarely', async () => {
    const { bmc, read, clock } = rig();
    const wrong = { username: 'admin', password: 'wrong-password' };
    for (let i = 0; i < 5; i++) await failure(read({ credentials: wrong }), 'unauthorized');
    assert.equal(bmc.refusedLogins, 1);
    assert.equal((await read()).value, 'off');
    await clock.advance(300_000);
    await failure(read({ credentials: wrong }), 'unauthorized');
    assert.equal(bmc.refusedLogins, 2);
  });

  it('waits as long as a busy BMC asks', async () => {
    const { bmc, read, clock } = rig();
    bmc.before = () => {
      throw new BmcError('busy', 'updating', { retryAfterSeconds: 90 });
    };
    await failure(read(), 'busy');
    await clock.advance(89_999);
    await failure(read(), 'busy');
    assert.equal(bmc.calls.length, 1);
  });

  it('lets no password out, even of a driver that tells it', async () => {
    const { access, request } = rig({ redfish: brokenDriver('tells the password') });
    const error = await failure(
      access.use(request(), () => assert.fail('it was opened')),
      'protocol',
    );
    const { password } = request().credentials;
    assert.ok(!JSON.stringify([error.message, error.stack, error.cause]).includes(password), error.message);
    assert.match(error.message, /https:\/\/admin:…@m/);
  });

  it('ends with a driver that hangs and does not hear an abort', async () => {
    const clock = systemClock;
    const settings = { ...defaultBmcSettings, connectTimeoutSeconds: 0.05 };
    const access = new BmcAccess(providersOf({ redfish: brokenDriver('hangs') }), settings, clock);
    await failure(
      access.use(rig().request(), () => assert.fail('it was opened')),
      'unreachable',
    );
    const stop = new AbortController();
    const patient = new BmcAccess(providersOf({ redfish: brokenDriver('hangs') }), defaultBmcSettings, clock);
    const stopped = patient.use(rig().request({ signal: stop.signal }), () => assert.fail('it was opened'));
    stop.abort(new Error('the service ends'));
    await assert.rejects(stopped, /the service ends/);
  });

  it('forgets BMCs that nobody asks about any more', async () => {
    const { access, request, clock } = rig({ redfish: emptyDriver() });
    const bmcs = new Map(Array.from({ length: 100 }, (_, i) => [`m${i}`, new FakeBmc()]));
    const many = new BmcAccess(providersOf({ redfish: new FakeDriver(bmcs) }), defaultBmcSettings, clock);
    for (const host of bmcs.keys()) {
      const asked = request({ connection: { ...connection, host } });
      await many.use(asked, (session) => session.powerState(asked));
      await clock.advance(10_000);
    }
    assert.ok(many.size <= 2, String(many.size));
    assert.equal(access.size, 0);
  });
});
