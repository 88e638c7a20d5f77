import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { BmcErrorKind } from '../../src/bmc/bmc-error.ts';
import type { RedfishSession } from '../../src/bmc/redfish/redfish-session.ts';
import { Dice } from '../../src/rack/bmc/dice.ts';
import type { RedfishProfile } from '../../src/rack/bmc/redfish/profile.ts';
import { profiles } from '../../src/rack/bmc/redfish/profiles/all.ts';
import { type RedfishQuirks, rollQuirks } from '../../src/rack/bmc/redfish/quirks.ts';
import { call, failsAs, outcomeOf, Rig, type RigOptions } from './bmc-redfish-rig.ts';

const image = 'http://images.test/installer.iso';
const other = 'http://images.test/rescue.iso';

/** Everything that the port can do, with the machine looked at after each step. */
async function everything({ machine }: Rig, session: RedfishSession, takesMedia: boolean): Promise<void> {
  assert.equal(await session.powerState(call()), 'off');
  await session.power('on', call());
  assert.equal(machine.actualPowerState, 'on');
  assert.equal(await session.powerState(call()), 'on');
  await session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, call());
  assert.deepEqual(machine.bootOverride(), { active: true, device: 'pxe', efiBoot: true, persistent: false });
  const { active, device, persistent } = await session.bootOverride(call());
  assert.deepEqual({ active, device, persistent }, { active: true, device: 'pxe', persistent: false });
  await session.power('cycle', call());
  assert.deepEqual([machine.boots.length, machine.boots[1]?.device], [2, 'pxe']);
  assert.deepEqual(await session.bootOverride(call()), { active: false });
  await session.setBootOverride({ device: 'disk', efiBoot: true, persistent: true }, call());
  await session.power('reset', call());
  assert.deepEqual(machine.bootOverride().device, 'disk');
  await (takesMedia ? media : noMedia)(machine, session);
  const { manufacturer, processors, drives, networkInterfaces } = await session.inventory(call());
  assert.deepEqual([processors.length, drives.length, networkInterfaces.length], [2, 2, 2]);
  assert.ok(manufacturer);
  await session.nmi(call());
  assert.equal(machine.commands.at(-1), 'nmi');
  await session.power('soft', call());
  await session.power('off', call());
  assert.equal(machine.actualPowerState, 'off');
}

async function media(machine: Rig['machine'], session: RedfishSession): Promise<void> {
  await session.insertMedia({ kind: 'CD', url: image }, call());
  assert.equal(machine.medium(), image);
  await session.insertMedia({ kind: 'CD', url: other }, call());
  assert.equal(machine.medium(), other);
  const loaded = (await session.virtualMedia(call())).filter(({ url }) => url !== undefined);
  assert.deepEqual(loaded, [{ kind: 'CD', url: other }]);
  await session.setBootOverride({ device: 'cdrom', efiBoot: true, persistent: false }, call());
  assert.equal(machine.bootOverride().device, 'cdrom');
  await session.ejectMedia('CD', call());
  await session.ejectMedia('CD', call());
  assert.equal(machine.medium(), undefined);
  assert.ok((await session.virtualMedia(call())).every(({ url }) => url === undefined));
}

async function noMedia(machine: Rig['machine'], session: RedfishSession): Promise<void> {
  await failsAs('unsupported', session.insertMedia({ kind: 'CD', url: image }, call()), /insert virtual media/);
  assert.equal(machine.medium(), undefined);
  await session.ejectMedia('CD', call());
}

function takesMedia({ drives, isoConfig }: RedfishProfile): boolean {
  return isoConfig || drives.some(({ way }) => way !== 'none');
}

async function inEveryProfile(options: RigOptions, test: (rig: Rig, profile: RedfishProfile) => Promise<void>) {
  await Promise.all(
    profiles.map(async (profile) => {
      await using rig = await Rig.start({ ...options, profile });
      try {
        await test(rig, profile);
      } catch (error) {
        throw new Error(`as ${profile.name}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    }),
  );
}

describe('the Redfish driver with a virtual BMC', () => {
  for (const profile of profiles) {
    it(`does everything with one like ${profile.name}, and logs out`, async () => {
      await using rig = await Rig.start({ profile });
      const session = await rig.open();
      await everything(rig, session, takesMedia(profile));
      assert.equal(rig.bmc.openSessions, 1);
      await session[Symbol.asyncDispose]();
      assert.equal(rig.bmc.openSessions, 0);
    });
  }

  const harmless: [string, Partial<RedfishQuirks>][] = [
    ['refuses a payload with the boot mode', { refusesBootMode: true }],
    ['says nowhere what it takes', { hidesAllowable: true }],
    ['says only in ActionInfo what it takes', { onlyActionInfo: true, hidesAllowable: false }],
    ['demands If-Match', { demandsIfMatch: true }],
    ['refuses every If-Match', { refusesIfMatch: true, demandsIfMatch: false }],
    ['gives weak tags and takes strong ones', { takesOnlyStrongEtags: true, demandsIfMatch: true }],
    ['does everything by tasks with a monitor', { tasks: 'monitor' }],
    ['does everything by tasks, and names the Task', { tasks: 'resource' }],
    ['has no session service', { sessions: 'absent' }],
    ['has no session left', { sessions: 'full' }],
    ['does what is already so again', { refusesSamePower: false }],
    ['shows images that it has ejected', { keepsImageWhenEjected: true }],
    [
      'refuses every parameter of InsertMedia but the image',
      {
        refusedInsertParameters: ['Inserted', 'WriteProtected', 'TransferProtocolType', 'TransferMethod'],
        demandedInsertParameters: [],
      },
    ],
    [
      'demands every parameter of InsertMedia',
      {
        refusedInsertParameters: [],
        demandedInsertParameters: ['Inserted', 'WriteProtected', 'TransferProtocolType', 'TransferMethod'],
      },
    ],
    ['shows its service root only to those with a login', { closedRoot: true }],
    ['hangs up after every answer', { closesConnections: true }],
  ];
  for (const [what, quirks] of harmless) {
    it(`does everything although the BMC, of any make, ${what}`, async () => {
      await inEveryProfile({ quirks }, async (rig, profile) => {
        const session = await rig.open();
        await everything(rig, session, takesMedia(profile));
        await session[Symbol.asyncDispose]();
      });
    });
  }

  it('does everything although the BMC, of any make, forgets sessions all the time', async () => {
    await inEveryProfile({ faults: { forgetsSessionsAfter: 3 } }, async (rig, profile) => {
      await everything(rig, await rig.open(), takesMedia(profile));
      assert.ok(rig.bmc.service.sessions.opened > 5);
      assert.equal(rig.bmc.refusedLogins, 0);
    });
  });

  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`does everything with the quirks of seed ${seed}`, async () => {
      const {
        refusedInsertParameters: _refused,
        demandedInsertParameters: _demanded,
        ...quirks
      } = rollQuirks(new Dice(seed));
      // Those of the profile must not be contradicted: a BMC may not demand what it refuses.
      const matching = quirks.refusesIfMatch ? { demandsIfMatch: false } : {};
      await inEveryProfile({ quirks: { ...quirks, ...matching } }, async (rig, profile) => {
        await everything(rig, await rig.open(), takesMedia(profile));
      });
    });
  }
});

describe('the Redfish driver with a BMC that fails', () => {
  it('logs in once with wrong credentials, whatever the make', async () => {
    await inEveryProfile({}, async (rig) => {
      await failsAs('unauthorized', rig.open({}, { username: 'admin', password: 'wrong' }), /login: HTTP 401/);
      await failsAs('unauthorized', rig.open({ useBasicAuth: true }, { username: 'admin', password: 'wrong' }));
      assert.equal(rig.bmc.refusedLogins, 2);
    });
  });

  it('names what does not stay: a boot device', async () => {
    await inEveryProfile({ quirks: { revertsBoot: true } }, async (rig, profile) => {
      const session = await rig.open();
      const outcome = await outcomeOf(
        session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, call()),
      );
      // An iDRAC has another way.
      assert.equal(outcome.kind, profile.bootAttributes ? 'ok' : 'rejected', outcome.message);
      if (outcome.kind !== 'ok') assert.match(outcome.message, /did not keep it: BootSourceOverride/);
      assert.equal(rig.machine.bootOverride().active, outcome.kind === 'ok');
    });
  });

  it('names what does not stay: an image', async () => {
    await inEveryProfile({ quirks: { losesMedia: true } }, async (rig, profile) => {
      const session = await rig.open();
      const kind = takesMedia(profile) ? 'rejected' : 'unsupported';
      await failsAs(kind, session.insertMedia({ kind: 'CD', url: image }, call()));
      assert.equal(rig.machine.medium(), undefined);
    });
  });

  it('is not taken in by answers without deeds', async () => {
    await inEveryProfile({ faults: { silentSuccess: true } }, async (rig) => {
      const session = await rig.open();
      await session.power('on', call());
      assert.equal(await session.powerState(call()), 'off');
      const override = { device: 'pxe', efiBoot: true, persistent: false } as const;
      await failsAs('rejected', session.setBootOverride(override, call()), /did not keep it/);
    });
  });

  it('passes on how long a busy BMC wants to be left alone', async () => {
    const dates = ['7', new Date(Date.now() + 60_000).toUTCString(), undefined];
    for (const retryAfter of dates) {
      await using rig = await Rig.start({ faults: { busyChance: 1 }, dice: new Dice(1), quirks: { retryAfter } });
      const { retryAfterSeconds } = await failsAs(
        'busy',
        rig.open(),
        /HTTP 503: The service is temporarily unavailable/,
      );
      const seconds = retryAfterSeconds === undefined ? undefined : Math.round(retryAfterSeconds / 10) * 10;
      assert.deepEqual([seconds], [retryAfter === '7' ? 10 : retryAfter === undefined ? undefined : 60]);
    }
  });

  it('fails with the task that fails', async () => {
    for (const tasks of ['monitor', 'resource'] as const) {
      await using rig = await Rig.start({ quirks: { tasks, failsTasks: true } });
      const session = await rig.open();
      await failsAs('rejected', session.power('on', call()), /power on: .*The virtual task was told to fail/);
      assert.equal(rig.machine.actualPowerState, 'off');
    }
  });

  it('waits for a task only so long', async () => {
    await using rig = await Rig.start({ quirks: { tasks: 'monitor', taskMs: 60_000 } });
    const session = await rig.open({ taskTimeoutSeconds: 0.15 });
    await failsAs('busy', session.power('on', call()), /still not done after 0\.15 s/);
  });

  const onSystem = (method: string, path: string) => method === 'GET' && path.startsWith('/redfish/v1/Systems/');
  const onReset = (method: string, path: string) => method === 'POST' && path.endsWith('ComputerSystem.Reset');
  const broken: [RedfishQuirks['wireFault'], BmcErrorKind, 'ok' | BmcErrorKind][] = [
    ['truncate', 'protocol', 'ok'],
    ['garbage', 'protocol', 'ok'],
    ['list', 'protocol', 'ok'],
    ['empty', 'protocol', 'ok'],
    ['huge', 'protocol', 'protocol'],
    ['cut', 'unreachable', 'unreachable'],
    ['hang', 'unreachable', 'unreachable'],
  ];
  for (const [wireFault, whenReading, whenActing] of broken) {
    it(`ends when an answer is spoilt: ${wireFault}`, async () => {
      // Long enough for a busy machine to answer what is not spoilt.
      const requestTimeoutSeconds = wireFault === 'hang' ? 1.5 : 20;
      await inEveryProfile({ quirks: { wireFault, strikes: onReset } }, async (rig) => {
        const session = await rig.open({ requestTimeoutSeconds });
        const outcome = await outcomeOf(session.power('on', call()));
        assert.equal(outcome.kind, whenActing, outcome.message);
        assert.equal(rig.bmc.changes.length, 1, 'a command was repeated');
      });
      await using rig = await Rig.start({ quirks: { wireFault, strikes: onSystem } });
      await failsAs(whenReading, rig.open({ requestTimeoutSeconds }));
      assert.equal(rig.bmc.openSessions, 0, 'a session stays behind');
    });
  }
});
