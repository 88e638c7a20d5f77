import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decodeAsf, encodeAsf } from '../../../bmc/ipmi/codec/asf.ts';
import { decodeResponse, encodeRequest, netFn } from '../../../bmc/ipmi/codec/message.ts';
import { encodeOpenSessionRequest } from '../../../bmc/ipmi/codec/open-session.ts';
import { decodeRmcp } from '../../../bmc/ipmi/codec/rmcp.ts';
import { decodeSessionless20, encodeSessionless20, payloadType } from '../../../bmc/ipmi/codec/session20.ts';
import { setBootFlags } from '../../../bmc/ipmi/command/boot-options.ts';
import { Dice } from '../dice.ts';
import { MemoryRig } from './memory-rig.ts';

const users = [
  { name: 'admin', password: 'correct horse' },
  { name: 'op', password: 'o', privilege: 'operator' as const },
  { name: 'guest', password: 'g', privilege: 'user' as const },
];

/** Sends a command outside of any session and returns completion code and data of the answer. */
function sessionless(rig: MemoryRig, fn: number, command: number, data: number[]) {
  const message = encodeRequest({ netFn: fn, command, sequence: 9, data: Buffer.from(data) });
  const answer = rig.bmc.receive(encodeSessionless20(payloadType.ipmi, message));
  assert.ok(answer);
  const response = decodeResponse(decodeSessionless20(decodeRmcp(answer).body).payload);
  assert.equal(response.sequence, 9);
  return response;
}

function openRequest(consoleSessionId: number): Buffer {
  const algorithms = { authentication: 3, integrity: 4, confidentiality: 1 };
  const request = encodeOpenSessionRequest({ tag: 1, privilege: 4, consoleSessionId, algorithms });
  return encodeSessionless20(payloadType.openSessionRequest, request);
}

describe('a virtual IPMI BMC', () => {
  it('answers a presence ping', () => {
    using rig = new MemoryRig();
    const pong = rig.bmc.receive(encodeAsf({ type: 'ping', tag: 77 }));
    assert.ok(pong);
    assert.deepEqual(decodeAsf(decodeRmcp(pong).body), { type: 'pong', tag: 77, ipmi: true });
    assert.equal(rig.bmc.receive(pong), undefined);
  });

  it('tells strangers what it speaks, and nothing else', () => {
    using rig = new MemoryRig();
    const suites = sessionless(rig, netFn.app, 0x54, [0x0e, 0, 0x80]);
    assert.equal(suites.data.toString('hex'), '01c0110344 81c003014181'.replace(' ', ''));
    assert.equal(sessionless(rig, netFn.chassis, 0x02, [1]).completionCode, 0xd4);
    assert.equal(sessionless(rig, netFn.chassis, 0x01, []).completionCode, 0xd4);
    assert.equal(sessionless(rig, netFn.app, 0x3b, [4]).completionCode, 0xd4);
    assert.equal(sessionless(rig, netFn.app, 0x77, []).completionCode, 0xc1);
    assert.equal(sessionless(rig, netFn.app, 0x54, []).completionCode, 0xc7);
    assert.deepEqual(rig.chassis.commands, []);
  });

  it('gives each user what is his, in several sessions at once', async () => {
    using rig = new MemoryRig({ users });
    const admin = await rig.open();
    const operator = await rig.open({ privilege: 'operator' }, { username: 'op', password: 'o' });
    await operator.power('on', rig);
    assert.equal(await admin.powerState(rig), 'on');
    await assert.rejects(rig.open({ privilege: 'operator' }, { username: 'guest', password: 'g' }), {
      kind: 'unauthorized',
    });
    await assert.rejects(rig.open({}, { username: 'op', password: 'o' }), { kind: 'unauthorized' });
    assert.deepEqual(rig.bmc.sessions.size, { active: 2, half: 0 });
    await admin[Symbol.asyncDispose]();
    await operator.power('off', rig);
    await operator[Symbol.asyncDispose]();
    assert.deepEqual(rig.bmc.sessions.size, { active: 0, half: 0 });
  });

  it('ends a session after a minute of silence, and a handshake that nobody goes on with', async () => {
    using rig = new MemoryRig();
    await rig.open();
    rig.bmc.receive(openRequest(5));
    assert.deepEqual(rig.bmc.sessions.size, { active: 1, half: 1 });
    await rig.clock.advance(21_000);
    rig.bmc.sessions.expire();
    assert.deepEqual(rig.bmc.sessions.size, { active: 1, half: 0 });
    await rig.clock.advance(40_000);
    rig.bmc.sessions.expire();
    assert.deepEqual(rig.bmc.sessions.size, { active: 0, half: 0 });
  });

  it('answers a repeated message of a handshake the same, and has room for few handshakes', () => {
    using rig = new MemoryRig();
    assert.deepEqual(rig.bmc.receive(openRequest(5)), rig.bmc.receive(openRequest(5)));
    for (let id = 1; id <= 1000; id++) rig.bmc.receive(openRequest(id));
    assert.ok(rig.bmc.sessions.size.half <= 32);
  });

  it('carries a repeated request out once, and answers it again', async () => {
    using rig = new MemoryRig();
    const session = await rig.open();
    // The flags are set by a message that the driver repeats in new packets.
    let lost = 2;
    rig.loses = (from) => from === 'bmc' && rig.chassis.commands.length > 0 && lost-- > 0;
    await rig.run(session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, rig));
    assert.deepEqual(rig.chassis.commands, ['bootOverride']);
  });

  it('forgets boot flags after 60 s without a chassis command, unless told not to', async () => {
    using rig = new MemoryRig({ quirks: { onlyBootFlags: true } });
    const session = await rig.open();
    const override = { device: 'pxe', efiBoot: true, persistent: false } as const;
    assert.equal(setBootFlags(override).data[0], 5);
    await session.setBootOverride(override, rig);
    await rig.clock.advance(40_000);
    await session.power('off', rig);
    await rig.clock.advance(59_000);
    assert.equal(rig.chassis.bootOverride().active, true, 'the countdown began anew');
    await rig.clock.advance(1_000);
    assert.equal(rig.chassis.bootOverride().active, false);
  });
});

describe('faults of a virtual IPMI BMC', () => {
  it('a command that is taken and does nothing is found by reading the state back', async () => {
    using rig = new MemoryRig({ faults: { silentSuccess: true } });
    const session = await rig.open();
    await session.power('on', rig);
    assert.equal(await session.powerState(rig), 'off');
  });

  it('a state that lags is told when the machine has got there', async () => {
    using rig = new MemoryRig();
    rig.chassis.lagMs = 30_000;
    const session = await rig.open();
    await session.power('on', rig);
    assert.equal(await session.powerState(rig), 'off');
    await rig.clock.advance(30_000);
    assert.equal(await session.powerState(rig), 'on');
  });

  it('busy is said, and nothing has happened', async () => {
    using rig = new MemoryRig({ faults: { busyChance: 0.5 }, dice: new Dice(2) });
    const outcomes = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const before = rig.chassis.commands.length;
      const outcome = await rig
        // Too little time to ask a busy one again.
        .open({ requestTimeoutMs: 900 })
        .then((session) => session.power('on', rig).finally(() => session[Symbol.asyncDispose]()))
        .then(
          () => 'done',
          (error: { kind: string; message: string }) => {
            assert.match(error.message, /node busy \(completion code 0xc0\)/);
            return error.kind;
          },
        );
      outcomes.add(outcome);
      assert.equal(rig.chassis.commands.length - before, outcome === 'done' ? 1 : 0);
    }
    assert.deepEqual([...outcomes].sort(), ['busy', 'done']);
    assert.equal(rig.bmc.sessions.size.active, 0, 'sessions are closed even then');
  });

  it('busy now and then keeps nobody from anything, and nothing happens twice', async () => {
    using rig = new MemoryRig({ faults: { busyChance: 0.5 }, dice: new Dice(3) });
    for (let i = 0; i < 20; i++) {
      const before = rig.chassis.commands.length;
      const session = await rig.open();
      await rig.run(session.power('cycle', rig));
      await rig.run(session[Symbol.asyncDispose]());
      assert.equal(rig.chassis.commands.length - before, 1);
    }
  });

  it('busy all the time is told as such when the time of the command is up', async () => {
    using rig = new MemoryRig({ faults: { busyChance: 1 }, dice: new Dice(3) });
    await assert.rejects(rig.open(), { kind: 'busy', message: /node busy \(completion code 0xc0\)/ });
    const elapsedMs = rig.clock.monotonic();
    assert.ok(elapsedMs > 5_000 && elapsedMs < 11_000, `${elapsedMs} ms`);
  });

  it('nobody is let in when credentials are refused', async () => {
    using rig = new MemoryRig({ faults: { refusesCredentials: true } });
    await assert.rejects(rig.open(), { kind: 'unauthorized', message: /unknown user name/ });
  });

  it('sessions that are forgotten in the middle are opened anew', async () => {
    using rig = new MemoryRig({ faults: { forgetsSessionsAfter: 3 } });
    const session = await rig.open();
    for (let i = 0; i < 10; i++) assert.equal(await rig.run(session.powerState(rig)), 'off');
  });
});
