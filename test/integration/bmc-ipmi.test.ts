import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../src/api/time/clock.ts';
import { IpmiDriver } from '../../src/bmc/ipmi/driver.ts';
import type { BmcTarget } from '../../src/bmc/port.ts';
import { FakeChassis } from '../../src/rack/bmc/fake-chassis.ts';
import { VirtualIpmiBmc } from '../../src/rack/bmc/ipmi/bmc.ts';
import { Network } from '../../src/rack/bmc/ipmi/network.ts';
import { IpmiBmcServer } from '../../src/rack/bmc/ipmi/server.ts';
import { skipBecause } from '../support/reporter.ts';
import { freeUdpPort, IpmiSim } from './bmc-ipmi-sim.ts';
import { ipmitool, missing } from './bmc-ipmi-tool.ts';

const driver = new IpmiDriver();
const { signal } = new AbortController();

describe("our IPMI driver against OpenIPMI's ipmi_sim", () => {
  let sim: IpmiSim;
  before(async function () {
    const reason = await missing('ipmi_sim');
    if (reason !== undefined) skipBecause(this, reason);
    sim = await IpmiSim.start();
  });
  after(() => sim?.[Symbol.asyncDispose]());

  it('switches the machine', async () => {
    await using session = await driver.open(sim.target, { signal });
    assert.equal(await session.powerState({ signal }), 'off');
    await session.power('on', { signal });
    assert.equal(await session.powerState({ signal }), 'on');
    await session.power('reset', { signal });
    await session.power('soft', { signal });
    await session.power('off', { signal });
    assert.equal(await session.powerState({ signal }), 'off');
    assert.deepEqual(sim.calls, ['power 1', 'reset 1', 'shutdown 1', 'power 0']);
    await session.power('cycle', { signal });
    assert.deepEqual(sim.calls.slice(4), ['power 0']);
  });

  it('sets the boot device', async () => {
    await using session = await driver.open(sim.target, { signal });
    await session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, { signal });
    assert.equal(sim.calls.at(-1), 'boot pxe');
    // It keeps no flags.
    assert.deepEqual(await session.bootOverride({ signal }), { active: false, device: 'pxe' });
  });

  it('reads the name plate', async () => {
    await using session = await driver.open(sim.target, { signal });
    const { manufacturer, model, serialNumber, bmcFirmwareVersion } = await session.inventory({ signal });
    assert.deepEqual(
      { manufacturer, model, serialNumber, bmcFirmwareVersion },
      { manufacturer: 'Simulated Corp', model: 'Sim 1', serialNumber: 'SERIAL-7', bmcFirmwareVersion: '9.08' },
    );
  });

  it('says what the BMC refuses', async () => {
    const { host, credentials } = sim.target;
    const open = (changed: Partial<BmcTarget['credentials']>, options = {}) =>
      driver.open({ ...sim.target, credentials: { ...credentials, ...changed } }, { ...options, signal });
    await assert.rejects(open({ password: 'wrong' }), { kind: 'unauthorized', message: /another password/ });
    await assert.rejects(open({ username: 'nobody' }), { kind: 'unauthorized', message: /unknown user name/ });
    await assert.rejects(open({}, { cipherSuite: 17 }), { kind: 'unsupported', message: /authentication algorithm/ });
    const nobody = { ...sim.target, port: await freeUdpPort() };
    await assert.rejects(driver.open(nobody, { signal }), {
      kind: 'unreachable',
      message: `BMC ${host}:${nobody.port} (IPMI): recvmsg ECONNREFUSED`,
    });
    await using session = await open({});
    await assert.rejects(session.nmi({ signal }), { kind: 'rejected', message: /invalid data field in request/ });
  });

  it('goes on after the BMC was killed and started again', async () => {
    await using session = await driver.open(sim.target, { signal, requestTimeoutMs: 2_000, repeatAfterMs: 200 });
    await session.power('on', { signal });
    await sim.kill();
    await assert.rejects(session.powerState({ signal }), { kind: 'unreachable' });
    await sim.run();
    assert.equal(await session.powerState({ signal }), 'on');
  });
});

for (const cipherSuite of [3, 17]) {
  describe(`ipmitool -C ${cipherSuite} against our virtual BMC`, () => {
    const chassis = new FakeChassis({ clock: systemClock });
    const credentials = { username: 'admin', password: 'twenty bytes, really' };
    const bmc = new VirtualIpmiBmc({
      chassis,
      users: [{ name: credentials.username, password: credentials.password }],
      namePlate: { manufacturer: 'Example Corp', model: 'Server 9000', serialNumber: 'SN-0042' },
    });
    const network = new Network(bmc);
    let server: IpmiBmcServer;
    let target: BmcTarget;
    const run = (...command: string[]) => ipmitool(target, cipherSuite, ...command);

    before(async function () {
      const reason = await missing('ipmitool');
      if (reason !== undefined) skipBecause(this, reason);
      server = await IpmiBmcServer.start(network);
      target = { host: server.host, port: server.port, credentials };
    });
    after(async () => {
      await server?.[Symbol.asyncDispose]();
      network[Symbol.dispose]();
      bmc[Symbol.dispose]();
    });

    it('switches the machine', async () => {
      assert.equal(await run('power', 'status'), 'Chassis Power is off\n');
      assert.equal(await run('power', 'on'), 'Chassis Power Control: Up/On\n');
      assert.equal(await run('power', 'status'), 'Chassis Power is on\n');
      for (const command of ['cycle', 'reset', 'soft', 'off']) await run('power', command);
      assert.deepEqual(chassis.commands, ['on', 'cycle', 'reset', 'soft', 'off']);
    });

    it('sets the boot device', async () => {
      await run('chassis', 'bootdev', 'pxe', 'options=efiboot');
      assert.deepEqual(chassis.bootOverride(), { active: true, device: 'pxe', efiBoot: true, persistent: false });
      assert.match(await run('chassis', 'bootparam', 'get', '5'), /Boot Flag Valid.*BIOS EFI boot.*Force PXE/s);
      await run('chassis', 'bootdev', 'disk', 'options=persistent');
      assert.deepEqual(chassis.bootOverride(), { active: true, device: 'disk', efiBoot: false, persistent: true });
    });

    it('reads who the BMC is, and the name plate', async () => {
      assert.match(await run('mc', 'info'), /Firmware Revision +: 1\.42\n/);
      const fru = await run('fru', 'print');
      assert.match(
        fru,
        /Product Manufacturer +: Example Corp\n Product Name +: Server 9000\n Product Serial +: SN-0042\n/,
      );
      assert.match(await run('channel', 'getciphers', 'ipmi'), /17 .*hmac_sha256.*3 .*hmac_sha1 /s);
    });

    it('is refused without the password', async () => {
      const wrong = { ...target, credentials: { ...credentials, password: 'wrong' } };
      await assert.rejects(ipmitool(wrong, cipherSuite, 'power', 'status'), /Unable to establish IPMI v2/);
    });

    it('leaves no session behind', () => {
      assert.equal(bmc.sessions.size.active, 0);
    });
  });
}
