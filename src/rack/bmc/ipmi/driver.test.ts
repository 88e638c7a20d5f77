import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';
import { encodeOpenSessionResponse } from '../../../bmc/ipmi/codec/open-session.ts';
import { decodeRmcp } from '../../../bmc/ipmi/codec/rmcp.ts';
import { decodeSessionPacket, encodeSessionless20, payloadType } from '../../../bmc/ipmi/codec/session20.ts';
import { IpmiDriver } from '../../../bmc/ipmi/driver.ts';
import type { DatagramPort } from '../../../bmc/ipmi/link/datagram-port.ts';
import type { BmcSession } from '../../../bmc/port.ts';
import { Dice } from '../dice.ts';
import { MemoryRig, rigCredentials } from './memory-rig.ts';

const payloadTypeOf = (datagram: Buffer) => decodeSessionPacket(decodeRmcp(datagram).body).payloadType;
const isV20 = (datagram: Buffer) => decodeRmcp(datagram).body[0] === 6;

/** How often a message of that type went out during session set-up. */
function sent(rig: MemoryRig, type: number): number {
  return rig.traffic.filter(({ from, bytes }) => from === 'console' && isV20(bytes) && payloadTypeOf(bytes) === type)
    .length;
}

describe('the IPMI driver', () => {
  for (const cipherSuite of [3, 17]) {
    it(`does everything a BMC can by cipher suite ${cipherSuite}`, async () => {
      using rig = new MemoryRig({ cipherSuites: [cipherSuite === 3 ? 3 : 17] });
      const { signal, chassis } = rig;
      const session = await rig.open({ cipherSuite });
      assert.equal(session.provider, 'ipmi');
      assert.equal(await session.powerState({ signal }), 'off');
      for (const action of ['on', 'reset', 'cycle', 'soft', 'off'] as const) await session.power(action, { signal });
      await session.nmi({ signal });
      const override = { device: 'pxe', efiBoot: true, persistent: false } as const;
      await session.setBootOverride(override, { signal });
      assert.deepEqual(await session.bootOverride({ signal }), { active: true, ...override });
      assert.deepEqual(chassis.commands, ['on', 'reset', 'cycle', 'soft', 'off', 'nmi', 'bootOverride']);
      await session.power('on', { signal });
      assert.equal(await session.powerState({ signal }), 'on');
      assert.deepEqual(chassis.boots.at(-1), override);
      assert.deepEqual(await session.bootOverride({ signal }), { active: false });
      await session[Symbol.asyncDispose]();
      assert.deepEqual(rig.bmc.sessions.size, { active: 0, half: 0 });
      assert.equal(rig.clock.pending, 0);
    });
  }

  it('reads the name plate, in whatever portions the BMC can', async () => {
    const namePlate = { manufacturer: 'Example Corp', model: 'Server 9000', serialNumber: 'SN-0042' };
    for (const quirks of [{}, { fruChunkLimit: 8 }, { fruByWords: true }, { fruByWords: true, fruChunkLimit: 16 }]) {
      using rig = new MemoryRig({ namePlate, quirks });
      const session = await rig.open();
      const inventory = await rig.run(session.inventory(rig));
      const { manufacturer, model, serialNumber } = inventory;
      assert.deepEqual({ manufacturer, model, serialNumber }, namePlate);
      assert.equal(inventory.bmcFirmwareVersion, '1.42');
    }
    using rig = new MemoryRig({ quirks: { noFru: true } });
    const session = await rig.open();
    assert.deepEqual(await session.inventory(rig), {
      bmcFirmwareVersion: '1.42',
      processors: [],
      drives: [],
      networkInterfaces: [],
    });
  });

  it('says that IPMI has no virtual media', async () => {
    using rig = new MemoryRig();
    const session = await rig.open();
    assert.equal(session.capabilities.has('virtualMedia'), false);
    const unsupported = { kind: 'unsupported', message: /no virtual media; Redfish has/ };
    await assert.rejects(session.virtualMedia(rig), unsupported);
    await assert.rejects(session.insertMedia({ kind: 'CD', url: 'http://x/' }, rig), unsupported);
    await assert.rejects(session.ejectMedia('CD', rig), unsupported);
  });

  it('keeps the boot device of a machine that boots more than 60 s later', async () => {
    using rig = new MemoryRig();
    const session = await rig.open();
    const override = { device: 'pxe', efiBoot: true, persistent: false } as const;
    await session.setBootOverride(override, rig);
    await rig.clock.advance(300_000);
    assert.equal(rig.chassis.bootOverride().active, true);
  });

  it('sets the boot device where the BMC knows no boot options but the flags', async () => {
    using rig = new MemoryRig({ quirks: { onlyBootFlags: true } });
    const session = await rig.open();
    await session.setBootOverride({ device: 'cdrom', efiBoot: false, persistent: true }, rig);
    assert.equal(rig.chassis.bootOverride().device, 'cdrom');
    // This BMC forgets: whoever needs the override reads it back.
    await rig.clock.advance(61_000);
    assert.deepEqual(await rig.run(session.bootOverride(rig)), { active: false });
  });
});

describe('the IPMI driver logging in', () => {
  it('prefers cipher suite 17 and makes do with 3, however the BMC refuses', async () => {
    for (const quirks of [{}, { shortRefusals: true }, { silentOnUnknownSuite: true }, { hidesCapabilities: true }]) {
      using rig = new MemoryRig({ cipherSuites: [3], quirks });
      const session = await rig.open();
      assert.equal(await session.powerState(rig), 'off');
    }
    using rig = new MemoryRig();
    await rig.open();
    assert.equal(sent(rig, payloadType.openSessionRequest), 1);
  });

  it('uses no other suite than the one it was told', async () => {
    using rig = new MemoryRig({ cipherSuites: [3] });
    await assert.rejects(rig.open({ cipherSuite: 17 }), { kind: 'unsupported', message: /no cipher suite matches/ });
    await assert.rejects(rig.open({ cipherSuite: 8 }), {
      kind: 'unsupported',
      message: /cipher suite 8: only 3 and 17/,
    });
  });

  it('refuses to be talked into other algorithms', async () => {
    using rig = new MemoryRig();
    const weak = { authentication: 0, integrity: 0, confidentiality: 0 };
    const driver = new IpmiDriver({
      clock: rig.clock,
      openPort: async () => {
        let answer: (datagram: Buffer) => void = () => undefined;
        return {
          listen: (listener) => {
            answer = (datagram) => listener.received(datagram);
          },
          send: (datagram) => {
            const { body } = decodeRmcp(datagram);
            if (body[0] !== 6) return answer(rig.bmc.receive(datagram) ?? Buffer.alloc(0));
            const { payload } = decodeSessionPacket(body);
            const ids = { consoleSessionId: payload.readUInt32LE(4), bmcSessionId: 1 };
            const response = { tag: payload[0] ?? 0, status: 0 as const, privilege: 4, ...ids, algorithms: weak };
            answer(encodeSessionless20(payloadType.openSessionResponse, encodeOpenSessionResponse(response)));
          },
          close: () => undefined,
        };
      },
    });
    const opening = driver.open({ host: 'h', credentials: rigCredentials }, rig);
    await assert.rejects(rig.run(opening), { kind: 'unsupported', message: /other algorithms than it was offered/ });
  });

  it('names what is wrong with the credentials, once and without trying again', async () => {
    const users = [
      { name: 'admin', password: 'correct horse' },
      { name: 'guest', password: 'guest', privilege: 'user' as const },
    ];
    const table: [string, string, RegExp, number][] = [
      ['admin', 'wrong', /RAKP 2: the BMC has another password for this user/, 1],
      ['nobody', 'correct horse', /RAKP 2: unknown user name \(status 0x0d\)/, 1],
      ['guest', 'guest', /RAKP 2: role or privilege level not allowed for this user/, 1],
      ['x'.repeat(17), 'p', /the user name has 17 bytes; IPMI 2.0 allows 16/, 0],
      ['ä'.repeat(9), 'p', /the user name has 18 bytes/, 0],
      ['admin', 'x'.repeat(21), /the password has 21 bytes; IPMI 2.0 allows 20/, 0],
      ['admin', 'a\0b', /must not hold a zero byte/, 0],
    ];
    for (const [username, password, message, logins] of table) {
      for (const quirks of [{}, { shortRefusals: true }]) {
        using rig = new MemoryRig({ users, quirks });
        await assert.rejects(rig.open({}, { username, password }), { kind: 'unauthorized', message });
        assert.equal(sent(rig, payloadType.rakp1), logins);
        assert.deepEqual(rig.bmc.sessions.size, { active: 0, half: 0 });
      }
    }
  });

  it('takes user names of 16 and passwords of 20 bytes', async () => {
    const credentials = { username: 'u'.repeat(16), password: 'p'.repeat(20) };
    using rig = new MemoryRig({ users: [{ name: credentials.username, password: credentials.password }] });
    await rig.open({}, credentials);
  });

  it('can do with an operator', async () => {
    using rig = new MemoryRig({ users: [{ name: 'op', password: 'x', privilege: 'operator' }] });
    const session = await rig.open({ privilege: 'operator' }, { username: 'op', password: 'x' });
    await session.power('on', rig);
    assert.equal(rig.chassis.actualPowerState, 'on');
  });

  it('says when the BMC is full, and when it is too old', async () => {
    using full = new MemoryRig({ sessionLimit: 1 });
    await full.open();
    await assert.rejects(full.open(), { kind: 'busy', message: /no resources for another session/ });
    using old = new MemoryRig({ quirks: { onlyV15: true } });
    await assert.rejects(old.open(), { kind: 'unsupported', message: /speaks IPMI 1.5 only; IPMI 2.0 is needed/ });
  });

  it('starts over when a BMC changes its mind between two copies of a message', async () => {
    using rig = new MemoryRig();
    // A BMC that restarts between RAKP 2 and RAKP 3 has forgotten the half-open session.
    let forgets = 1;
    rig.loses = (from) => {
      const last = rig.traffic.at(-1)?.bytes;
      if (from === 'console' && last && isV20(last) && payloadTypeOf(last) === payloadType.rakp3 && forgets-- > 0) {
        rig.bmc.sessions.forgetAll();
      }
      return false;
    };
    const session = await rig.open();
    assert.equal(await session.powerState(rig), 'off');
  });
});

describe('the IPMI driver on a bad network', () => {
  const work = async (rig: MemoryRig): Promise<BmcSession> => {
    const session = await rig.open();
    await rig.run(session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, rig));
    await rig.run(session.power('on', rig));
    assert.equal(await rig.run(session.powerState(rig)), 'on');
    return session;
  };

  it('survives datagrams that are doubled and out of order', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const faults = { lostChance: 0, doubledChance: 0.4, overtakenChance: 0.4 };
      using rig = new MemoryRig({}, { faults, dice: new Dice(seed) });
      await rig.run((await work(rig))[Symbol.asyncDispose]());
      assert.deepEqual(rig.chassis.commands, ['bootOverride', 'on'], `seed ${seed}`);
    }
  });

  it('does not take a late copy of an earlier answer for the answer to what it asks now', async () => {
    for (const quirks of [{}, { shortRefusals: true }]) {
      using rig = new MemoryRig({ cipherSuites: [3], quirks });
      const earlier: Buffer[] = [];
      rig.intercept = (answer, deliver) => {
        for (const copy of earlier) deliver(copy);
        earlier.push(answer);
        deliver(answer);
      };
      await work(rig);
    }
  });

  it('can be tried again when a refusal was lost and the BMC knows nothing of it any more', async () => {
    using rig = new MemoryRig({ faults: { refusesCredentials: true } });
    let isFirst = true;
    rig.intercept = (answer, deliver) => {
      const isRefusal = isV20(answer) && payloadTypeOf(answer) === payloadType.rakp2;
      if (!isRefusal || !isFirst) deliver(answer);
      if (isRefusal) isFirst = !isFirst;
    };
    await assert.rejects(rig.open(), { kind: 'unreachable', message: /RAKP 2: invalid session id/ });
    assert.equal(sent(rig, payloadType.openSessionRequest), 2);
  });

  it('survives one lost datagram, whichever it is', async () => {
    const datagrams = 30;
    for (let victim = 0; victim < datagrams; victim++) {
      using rig = new MemoryRig();
      rig.loses = () => rig.traffic.length === victim + 1;
      const powerAnswer = work(rig).catch((error: { kind?: string }) => error);
      const result = await rig.run(powerAnswer);
      // Only the lost answer to the power command cannot be had again; what happened can be read back.
      if (!('provider' in result)) assert.equal(result.kind, 'unreachable');
      assert.equal(rig.chassis.commands.filter((command) => command === 'on').length, 1, `victim ${victim}`);
      assert.equal(rig.chassis.actualPowerState, 'on');
    }
  });

  it('waits for slow BMCs', async () => {
    using rig = new MemoryRig({}, { slowMs: 2500 });
    await work(rig);
    assert.deepEqual(rig.chassis.commands, ['bootOverride', 'on']);
  });

  it('ends in time when nobody answers, and when its caller gives up', async () => {
    using rig = new MemoryRig();
    rig.loses = () => true;
    const started = rig.clock.monotonic();
    await assert.rejects(rig.open({ requestTimeoutMs: 7000 }), {
      kind: 'unreachable',
      message: /no answer within 7 s/,
    });
    assert.ok(rig.clock.monotonic() - started <= 7100);
    const controller = new AbortController();
    const target = { host: 'h', credentials: rigCredentials };
    const opening = rig.driver.open(target, { signal: controller.signal });
    await rig.clock.advance(100);
    controller.abort(new Error('enough'));
    await assert.rejects(opening, { kind: 'unreachable', message: /given up: enough/ });
    await assert.rejects(rig.driver.open(target, { signal: controller.signal }), { kind: 'unreachable' });
    assert.equal(rig.clock.pending, 0);
  });

  it('does not wait for the look-up of a name when its caller gives up, and closes what comes of it', async () => {
    const opened = Promise.withResolvers<DatagramPort>();
    const driver = new IpmiDriver({ openPort: () => opened.promise });
    const controller = new AbortController();
    const opening = driver.open({ host: 'slow.example', credentials: rigCredentials }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(opening, { kind: 'unreachable', message: 'BMC slow.example:623 (IPMI): enough' });
    const closed = new Promise<void>((resolve) => {
      opened.resolve({ listen: () => undefined, send: () => assert.fail('sent'), close: resolve });
    });
    await closed;
  });

  it('closes the session though the last answer was lost, and does not wait long for the farewell', async () => {
    using rig = new MemoryRig();
    const session = await rig.open();
    rig.loses = (from) => from === 'bmc';
    const started = rig.clock.monotonic();
    await rig.run(session[Symbol.asyncDispose]());
    assert.ok(rig.clock.monotonic() - started <= 1100);
    assert.equal(rig.bmc.sessions.size.active, 0);
    assert.equal(rig.clock.pending, 0);
  });
});

describe('the IPMI driver when the BMC forgets its session', () => {
  it('logs in anew for a question', async () => {
    using rig = new MemoryRig();
    const session = await rig.open();
    rig.bmc.sessions.forgetAll();
    assert.equal(await rig.run(session.powerState(rig)), 'off');
    assert.equal(sent(rig, payloadType.rakp1), 2);
  });

  it('logs in anew after a long pause, before it commands anything', async () => {
    using rig = new MemoryRig();
    const session = await rig.open();
    await rig.clock.advance(120_000);
    const started = rig.clock.monotonic();
    await rig.run(session.power('on', rig));
    assert.ok(rig.clock.monotonic() - started < 1000);
    assert.equal(rig.chassis.actualPowerState, 'on');
  });

  it('does not know what became of a power command, and says so', async () => {
    using rig = new MemoryRig();
    const session = await rig.open();
    rig.bmc.sessions.forgetAll();
    await assert.rejects(rig.run(session.power('on', rig)), {
      kind: 'unreachable',
      message: 'BMC 192.0.2.1:623 (IPMI): chassis control on: no answer within 10 s',
    });
    assert.equal(rig.chassis.actualPowerState, 'off');
    assert.equal(await rig.run(session.powerState(rig)), 'off');
    await rig.run(session.power('on', rig));
    assert.equal(rig.chassis.actualPowerState, 'on');
  });
});

describe('the IPMI driver and secrets', () => {
  it('shows no password in any error', async () => {
    const password = 'hunter2-hunter2';
    const rigs = [
      new MemoryRig({ faults: { refusesCredentials: true } }),
      new MemoryRig({ cipherSuites: [] }),
      new MemoryRig({ quirks: { onlyV15: true } }),
      new MemoryRig({ users: [{ name: 'admin', password }], faults: { busyChance: 1 }, dice: new Dice(1) }),
      new MemoryRig(),
    ];
    for (const rig of rigs) {
      const error = await rig.open({}, { username: 'admin', password }).catch((reason: unknown) => reason);
      assert.ok(error instanceof Error);
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /hunter2/);
      assert.match(error.message, /^BMC 192\.0\.2\.1:623 \(IPMI\): /);
      rig[Symbol.dispose]();
    }
  });
});
