import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeClock } from '../../src/api/time/fake-clock.ts';
import type { BootOverride } from '../../src/bmc/port.ts';
import { RedfishDriver } from '../../src/bmc/redfish/redfish-driver.ts';
import { Dice } from '../../src/rack/bmc/dice.ts';
import { megarac } from '../../src/rack/bmc/redfish/profiles/ami.ts';
import { blades } from '../../src/rack/bmc/redfish/profiles/blades.ts';
import { idrac8, idrac9, idrac10 } from '../../src/rack/bmc/redfish/profiles/dell.ts';
import { ilo5 } from '../../src/rack/bmc/redfish/profiles/hpe.ts';
import { supermicroX12 } from '../../src/rack/bmc/redfish/profiles/supermicro.ts';
import { call, credentials, failsAs, quick, Rig, silentPort } from './bmc-redfish-rig.ts';

const once: BootOverride = { device: 'pxe', efiBoot: true, persistent: false };
const image = 'http://images.test/installer.iso';

describe('user-pain §2: what users suffer from BMCs, Redfish', () => {
  it('row 20, bmclib#459: Supermicro answers 200 to a boot override and reverts it', async () => {
    await using rig = await Rig.start({ profile: supermicroX12, quirks: { revertsBoot: true } });
    const session = await rig.open();
    await failsAs('rejected', session.setBootOverride(once, call()), /Enabled is Disabled, not Once/);
  });

  it('row 21, bmclib#318: HPE rejects a full Boot payload', async () => {
    await using rig = await Rig.start({ profile: ilo5 });
    await (await rig.open()).setBootOverride(once, call());
    assert.equal(rig.machine.bootOverride().device, 'pxe');
    // The same refusal by a BMC of which nothing is known: the mode is left out after it.
    await using unknown = await Rig.start({ quirks: { refusesBootMode: true } });
    await (await unknown.open()).setBootOverride(once, call());
    assert.equal(unknown.machine.bootOverride().device, 'pxe');
    assert.equal(unknown.bmc.changes.length, 2);
  });

  it('row 22, bmclib#433, tinkerbell#605: iDRAC10 moved virtual media and override resources', async () => {
    await using rig = await Rig.start({ profile: idrac10 });
    const session = await rig.open();
    await session.insertMedia({ kind: 'CD', url: image }, call());
    assert.equal(rig.machine.medium(), image);
    await session.setBootOverride({ ...once, device: 'cdrom' }, call());
    assert.equal(rig.machine.bootOverride().device, 'cdrom');
    assert.ok(rig.bmc.changes.includes('PATCH /redfish/v1/Systems/System.Embedded.1/Settings'));
    // Slot 1 is the one that boots, although slot 2 is listed first.
    assert.ok(rig.bmc.changes.some((line) => line.includes('/VirtualMedia/1/')));
  });

  it('row 23, rufio#313: a chassis with several Systems picks the wrong one', async () => {
    await using rig = await Rig.start({ profile: blades });
    await failsAs('rejected', rig.open({ systemName: undefined } as object), /it serves Blade1 .*Blade3 .*systemName/);
    await failsAs('rejected', rig.open({ systemName: 'Blade9' }), /none of them is called Blade9/);
    for (const systemName of ['Blade2', '38947555-7742-3448-3784-000000000002', 'Enclosure Blade2']) {
      const session = await rig.open({ systemName });
      await session.power('on', call());
      await session.insertMedia({ kind: 'CD', url: image }, call());
    }
    assert.deepEqual(
      rig.machines.map(({ actualPowerState }) => actualPowerState),
      ['off', 'on', 'off'],
    );
    assert.deepEqual(
      rig.machines.map((machine) => machine.medium()),
      [undefined, image, undefined],
    );
  });

  it('row 24, metal-operator#80: iDRAC9 one-time boot is unreliable', async () => {
    await using rig = await Rig.start({ profile: idrac9, quirks: { revertsBoot: true } });
    const session = await rig.open();
    await session.setBootOverride(once, call());
    assert.equal(rig.machine.bootOverride().device, 'pxe');
    assert.equal((await session.bootOverride(call())).device, 'pxe');
  });

  it('row 25, metal-operator#67: credentials are rotated', async () => {
    await using rig = await Rig.start();
    await failsAs('unauthorized', rig.open({}, { username: 'admin', password: 'the old one' }));
    // Nothing of the failed attempt is remembered.
    assert.equal(await (await rig.open()).powerState(call()), 'off');
  });

  it('row 26, eks-anywhere#4540: timeouts block upgrades', async () => {
    await using rig = await Rig.start({ clock: new FakeClock(), faults: { slowMs: 3_600_000 } });
    await failsAs('unreachable', rig.open({ requestTimeoutSeconds: 0.2 }), /no answer within 0\.2 s/);
  });

  it('row 28, eks-anywhere#10362: one dead BMC blocks all cluster work', async () => {
    await using dead = await Rig.start({ quirks: { wireFault: 'hang' } });
    await using alive = await Rig.start();
    const waiting = dead.open({ requestTimeoutSeconds: 1 });
    assert.equal(await (await alive.open()).powerState(call()), 'off');
    await failsAs('unreachable', waiting);
  });

  it('row 29, eks-anywhere#2748: BMC credentials are tested too late', async () => {
    await using rig = await Rig.start({ faults: { refusesCredentials: true } });
    await failsAs('unauthorized', rig.open(), /login: HTTP 401: User name or password is wrong/);
    assert.equal(rig.bmc.refusedLogins, 1);
  });

  it('row 30, eks-anywhere#9791: BMC call latency slows whole runs', async () => {
    await using rig = await Rig.start();
    const session = await rig.open();
    assert.equal(rig.bmc.requests.length, 4, rig.bmc.requests.join());
    await session.powerState(call());
    assert.equal(rig.bmc.requests.length, 5);
    await session.power('on', call());
    assert.equal(rig.bmc.requests.length, 7);
    await session.setBootOverride(once, call());
    assert.equal(rig.bmc.requests.length, 10);
  });

  it('row 31, rufio#11, tinkerbell#973: firmware versions', async () => {
    await using rig = await Rig.start({ profile: ilo5 });
    const { biosVersion, bmcFirmwareVersion } = await (await rig.open()).inventory(call());
    assert.deepEqual({ biosVersion, bmcFirmwareVersion }, { biosVersion: '2.5.4', bmcFirmwareVersion: 'iLO 5 v2.72' });
  });

  it('row 33, iDRAC-Redfish-Scripting#225: a virtual ISO by URL hangs', async () => {
    const strikes = (_method: string, path: string) => path.endsWith('InsertMedia');
    await using rig = await Rig.start({ profile: idrac9, quirks: { wireFault: 'hang', strikes } });
    const session = await rig.open({ requestTimeoutSeconds: 1.5 });
    const { message } = await failsAs('unreachable', session.insertMedia({ kind: 'CD', url: image }, call()));
    assert.match(message, /InsertMedia: no answer within 1\.5 s/);
  });

  it('row 33, iDRAC-Redfish-Scripting#384: setting the boot device is broken in new firmware', async () => {
    await using rig = await Rig.start({ profile: idrac10, quirks: { bootOnlyInAttributes: true } });
    await (await rig.open()).setBootOverride(once, call());
    assert.equal(rig.machine.bootOverride().device, 'pxe');
    await using bare = await Rig.start({
      profile: { ...idrac10, bootAttributes: false },
      quirks: { bootOnlyInAttributes: true },
    });
    await failsAs('rejected', (await bare.open()).setBootOverride(once, call()), /Boot is a read-only property/);
  });

  it('row 33, iDRAC-Redfish-Scripting#90: "Cd" chooses the drive in the machine', async () => {
    await using rig = await Rig.start({ profile: idrac9 });
    const session = await rig.open();
    await session.insertMedia({ kind: 'CD', url: image }, call());
    await session.setBootOverride({ ...once, device: 'cdrom' }, call());
    assert.match(rig.bmc.changes.at(-1) ?? '', /PATCH .*DellAttributes/);
    assert.equal((await session.bootOverride(call())).device, 'cdrom');
  });

  it('row 34, jetlag#245: firmware ignores power-on', async () => {
    await using rig = await Rig.start({ machine: { ignores: ['on'] } });
    const session = await rig.open();
    await session.power('on', call());
    assert.equal(await session.powerState(call()), 'off');
    // Reading back is what shows it; the driver does not send it again by itself.
    assert.deepEqual(rig.machine.commands, ['on']);
  });

  it('row 34, jetlag#475: an old R630 rejects the virtual-media method', async () => {
    await using rig = await Rig.start({ profile: idrac8 });
    const session = await rig.open();
    await failsAs('unsupported', session.insertMedia({ kind: 'CD', url: image }, call()), /HTTP 405/);
  });

  it('row 36, baremetal-operator#477: never persist the boot device', async () => {
    await using rig = await Rig.start({ profile: idrac9 });
    const session = await rig.open({ neverPersistBootDevice: true });
    await session.setBootOverride({ ...once, persistent: true }, call());
    assert.equal(rig.machine.bootOverride().persistent, false);
  });

  it('row 37, baremetal-operator#896: confusion on Systems and Managers for virtual media', async () => {
    for (const drivesAt of [['system'], ['manager'], ['system', 'manager'], ['manager', 'system']] as const) {
      await using rig = await Rig.start({ profile: { ...idrac9, drivesAt } });
      const session = await rig.open();
      await session.insertMedia({ kind: 'CD', url: image }, call());
      assert.equal(rig.machine.medium(), image);
      const loaded = (await session.virtualMedia(call())).filter(({ url }) => url !== undefined);
      assert.deepEqual(loaded, [{ kind: 'CD', url: image }]);
      await session.ejectMedia('CD', call());
      assert.equal(rig.machine.medium(), undefined);
    }
  });

  it('row 38, maas-ui#5782: one spurious BMC error aborts commissioning', async () => {
    let cuts = 0;
    const strikes = (method: string) => method === 'GET' && ++cuts % 4 === 0;
    await using rig = await Rig.start({ quirks: { wireFault: 'cut', strikes } });
    const session = await rig.open();
    for (let i = 0; i < 10; i++) assert.equal(await session.powerState(call()), 'off');
    await using busy = await Rig.start({ faults: { busyChance: 1 }, dice: new Dice(1) });
    const { retryAfterSeconds } = await failsAs('busy', busy.open());
    assert.equal(retryAfterSeconds, 5);
  });
});

describe('tinkerbell-facts §9.6: what the original driver gets wrong', () => {
  it('M controller.go:56: the connect timeout is not used', async () => {
    await using silent = await silentPort();
    const { port } = silent;
    const target = { host: '127.0.0.1', port, credentials };
    await failsAs(
      'unreachable',
      new RedfishDriver().open(target, { connectTimeoutSeconds: 0.2, ...call() }),
      /connect/i,
    );
  });

  it('M machine.go:101,110: the port is not read, and TLS is never verified', async () => {
    await using rig = await Rig.start();
    // The port of the target is the one that is spoken to; and without TLS there, nothing is said in the clear.
    await failsAs('protocol', rig.open({ scheme: 'https' }), new RegExp(`127\\.0\\.0\\.1:${rig.port}.*TLS fails`));
    assert.deepEqual(rig.bmc.requests, []);
  });

  it('M task.go:115-124: a passing outage looks like any other failure', async () => {
    const rig = await Rig.start();
    await rig[Symbol.asyncDispose]();
    await failsAs('unreachable', rig.open(), /ECONNREFUSED/);
  });

  it('M task.go:180-197: a power command is carried out twice', async () => {
    const strikes = (method: string, path: string) => method === 'POST' && path.includes('Reset');
    await using rig = await Rig.start({ machine: { powerState: 'on' }, quirks: { wireFault: 'cut', strikes } });
    const session = await rig.open();
    await failsAs('unreachable', session.power('cycle', call()));
    assert.deepEqual(rig.machine.commands, ['cycle']);
  });

  it('M no CRD field: a BMC, or what poses as one, gets at credentials', async () => {
    await using rig = await Rig.start();
    for (const host of ['127.0.0.1/x', 'user@127.0.0.1', '127.0.0.1#', 'a b']) {
      const target = { host, port: rig.port, credentials };
      await failsAs('rejected', new RedfishDriver().open(target, { ...quick, ...call() }), /neither a host name/);
    }
    assert.deepEqual(rig.bmc.requests, []);
  });

  it('L task.go:218: a result of false is ignored', async () => {
    await using rig = await Rig.start({ quirks: { losesMedia: true } });
    const session = await rig.open();
    await failsAs(
      'unsupported',
      session.setBootOverride({ ...once, device: 'safe' }, call()),
      /no boot target for safe/,
    );
    await failsAs('rejected', session.insertMedia({ kind: 'CD', url: image }, call()), /drive CD is empty/);
    await failsAs('unsupported', session.insertMedia({ kind: 'Floppy', url: image }, call()), /no drive for Floppy/);
  });

  it('L task.go:257-284: cycle, boot device and virtual media are completed without a look', async () => {
    await using rig = await Rig.start({ profile: megarac, faults: { silentSuccess: true } });
    const session = await rig.open();
    await failsAs('rejected', session.setBootOverride(once, call()), /took it and did not keep it/);
    await failsAs('rejected', session.insertMedia({ kind: 'CD', url: image }, call()), /is empty/);
  });
});

describe('a machine that takes its time', () => {
  it('is off until the BMC says that it is on (30 s late)', async () => {
    const clock = new FakeClock();
    await using rig = await Rig.start({ machine: { clock, delaysMs: { on: 5_000 }, lagMs: 30_000 } });
    const session = await rig.open();
    await session.power('on', call());
    assert.equal(await session.powerState(call()), 'off');
    await clock.advance(34_999);
    assert.equal(await session.powerState(call()), 'off');
    await clock.advance(1);
    assert.equal(await session.powerState(call()), 'on');
  });
});

describe('secrets', () => {
  it('are in no error, not even where the BMC repeats what it was sent', async () => {
    await using rig = await Rig.start({ quirks: { echoesRequests: true } });
    const session = await rig.open();
    const url = 'ftp://images:top%20secret@images.test/installer.iso';
    const { message } = await failsAs(
      'rejected',
      session.insertMedia({ kind: 'CD', url }, call()),
      /cannot be reached/,
    );
    assert.match(message, /Request: .*\*\*\*@images\.test/);
    assert.doesNotMatch(message, /top/);
  });
});
