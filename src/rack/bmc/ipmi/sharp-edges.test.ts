import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decodeRakpProof } from '../../../bmc/ipmi/codec/rakp.ts';
import { decodeRmcp } from '../../../bmc/ipmi/codec/rmcp.ts';
import { decodeSessionPacket, payloadType } from '../../../bmc/ipmi/codec/session20.ts';
import { IpmiDriver } from '../../../bmc/ipmi/driver.ts';
import { MemoryRig, rigCredentials } from './memory-rig.ts';

/** Defects of the original that concern this driver, each by its row in the list of sharp edges (§9.6). */
describe('sharp edges of rufio, IPMI', () => {
  it('controller.go:56 (M): the connect timeout that was set is the one that counts', async () => {
    for (const requestTimeoutMs of [2_000, 30_000]) {
      using rig = new MemoryRig();
      rig.loses = () => true;
      const started = rig.clock.monotonic();
      await assert.rejects(rig.open({ requestTimeoutMs }), { kind: 'unreachable' });
      const tookMs = rig.clock.monotonic() - started;
      assert.ok(tookMs >= requestTimeoutMs && tookMs <= requestTimeoutMs + 100, `${tookMs} ms`);
    }
  });

  it('machine.go:101,110 (M): the port of the connection is used, 623 only if there is none', async () => {
    const addresses: string[] = [];
    const driver = new IpmiDriver({
      openPort: ({ host, port }) => {
        addresses.push(`${host} ${port}`);
        return Promise.reject(new Error('no route'));
      },
    });
    const options = { signal: new AbortController().signal };
    const target = { host: '192.0.2.7', credentials: rigCredentials };
    const named = (port: number) => ({ kind: 'unreachable', message: `BMC 192.0.2.7:${port} (IPMI): no route` });
    await assert.rejects(driver.open({ ...target, port: 6230 }, options), named(6230));
    await assert.rejects(driver.open(target, options), named(623));
    assert.deepEqual(addresses, ['192.0.2.7 6230', '192.0.2.7 623']);
  });

  it('task.go:115-124 (M): a BMC that is away for a while is told apart from one that refuses, and is bridged', async () => {
    using rig = new MemoryRig();
    rig.loses = () => rig.clock.monotonic() < 5_000;
    const session = await rig.open();
    assert.ok(rig.clock.monotonic() >= 5_000);
    assert.equal(await session.powerState(rig), 'off');
    rig.loses = () => true;
    await assert.rejects(rig.run(session.powerState(rig)), { kind: 'unreachable' });
    rig.loses = () => false;
    assert.equal(await rig.run(session.powerState(rig)), 'off');
  });

  it('task.go:180-197 (M): a power command is carried out once at most, whatever gets lost', async () => {
    for (const action of ['cycle', 'reset', 'off'] as const) {
      for (const side of ['console', 'bmc'] as const) {
        for (let lost = 0; lost <= 4; lost++) {
          using rig = new MemoryRig();
          const session = await rig.open();
          await session.power('on', rig);
          let left = lost;
          rig.loses = (from) => from === side && left-- > 0;
          const outcome = await rig.run(
            session.power(action, rig).then(
              () => 'done',
              (error: { kind: string }) => error.kind,
            ),
          );
          const count = rig.chassis.commands.filter((command) => command === action).length;
          assert.ok(count <= 1, `${action}: ${count} times`);
          if (outcome === 'done') assert.equal(count, 1);
          else assert.equal(outcome, 'unreachable');
          // What happened can be read back at once.
          rig.loses = () => false;
          const expected = action === 'off' && count === 1 ? 'off' : 'on';
          assert.equal(await rig.run(session.powerState(rig)), expected);
        }
      }
    }
  });

  it('no CRD field (M): a host that does not know the password learns nothing made from it', async () => {
    // Somebody else's address with our credentials: IPMI lets the BMC prove itself first, and we insist.
    using rig = new MemoryRig({ users: [{ name: rigCredentials.username, password: 'not the same' }] });
    await assert.rejects(rig.open(), { kind: 'unauthorized' });
    const ours = rig.traffic.filter(({ from }) => from === 'console').map(({ bytes }) => decodeRmcp(bytes).body);
    for (const body of ours) assert.equal(body.includes(rigCredentials.password), false);
    const proofs = ours
      .filter((body) => body[0] === 6)
      .map((body) => decodeSessionPacket(body))
      .filter((packet) => packet.payloadType === payloadType.rakp3)
      .map((packet) => decodeRakpProof(packet.payload));
    assert.deepEqual(
      proofs.map(({ status, authCode }) => ({ status, bytes: authCode.length })),
      [{ status: 0x0f, bytes: 0 }],
    );
  });
});
