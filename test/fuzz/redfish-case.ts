import assert from 'node:assert/strict';
import { BmcError } from '../../src/bmc/bmc-error.ts';
import type { BmcSession } from '../../src/bmc/port.ts';
import { RedfishDriver } from '../../src/bmc/redfish/redfish-driver.ts';
import { Dice } from '../../src/rack/bmc/dice.ts';
import { FakeChassis } from '../../src/rack/bmc/fake-chassis.ts';
import { profiles } from '../../src/rack/bmc/redfish/profiles/all.ts';
import { rollQuirks } from '../../src/rack/bmc/redfish/quirks.ts';
import { RedfishService } from '../../src/rack/bmc/redfish/service.ts';
import { HastyClock } from './redfish-clock.ts';
import { pick } from './redfish-mutation.ts';
import { MalformingTransport } from './redfish-transport.ts';

/** Appears in no other text, so that it is found wherever it leaks. */
const password = 'Xq7-secret-Zw9';
const credentials = { username: 'admin', password };

/** More requests than any call could need: members and pages are limited, and so are attempts and times. */
const mostDocuments = 20_000;

export interface CaseReport {
  documents: number;
  calls: number;
  /** Calls that ended in a BmcError, by kind. */
  errors: Record<string, number>;
}

type Operation = (session: BmcSession, signal: AbortSignal) => Promise<unknown>;

const operations: readonly Operation[] = [
  async (session, signal) => assert.match(await session.powerState({ signal }), /^(on|off|unknown)$/),
  (session, signal) => session.power('on', { signal }),
  (session, signal) => session.power('cycle', { signal }),
  (session, signal) => session.power('soft', { signal }),
  async (session, signal) => assert.equal(typeof (await session.bootOverride({ signal })).active, 'boolean'),
  (session, signal) => session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, { signal }),
  (session, signal) => session.setBootOverride({ device: 'cdrom', efiBoot: false, persistent: true }, { signal }),
  async (session, signal) => {
    for (const { kind } of await session.virtualMedia({ signal })) assert.equal(typeof kind, 'string');
  },
  (session, signal) => session.insertMedia({ kind: 'CD', url: 'http://images.invalid/a.iso' }, { signal }),
  (session, signal) => session.ejectMedia('CD', { signal }),
  async (session, signal) => {
    const { processors, drives, networkInterfaces } = await session.inventory({ signal });
    assert.ok(Array.isArray(processors) && Array.isArray(drives) && Array.isArray(networkInterfaces));
  },
  (session, signal) => session.nmi({ signal }),
];

/**
 * Opens a session with a BMC whose answers are spoilt at random, asks it for a few things, and closes.
 * @throws AssertionError when a call fails otherwise than by a BmcError, tells a secret, or does not end
 */
export async function runCase(seed: number): Promise<CaseReport> {
  const dice = new Dice(seed);
  const clock = new HastyClock();
  const profile = pick(dice, profiles);
  const chassis = profile.systemIds.map(() => new FakeChassis({ clock }));
  const users = [{ name: credentials.username, password }];
  using service = new RedfishService({ chassis, users, profile, clock, dice, quirks: rollQuirks(dice) });
  const transport = new MalformingTransport(service, dice);
  const report: CaseReport = { documents: 0, calls: 0, errors: {} };
  const driver = new RedfishDriver({ clock, connect: () => transport });
  const { signal } = new AbortController();
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    report.calls += 1;
    try {
      return await work();
    } catch (error) {
      check(error, seed);
      report.errors[error.kind] = (report.errors[error.kind] ?? 0) + 1;
      return undefined;
    } finally {
      assert.ok(transport.documents < mostDocuments, `seed ${seed}: ${transport.documents} requests for one case`);
    }
  };
  const options = { signal, ...(profile.systemIds.length > 1 ? { systemName: 'Blade2' } : {}) };
  const session = await attempt(() => driver.open({ host: 'bmc.invalid', credentials }, options));
  if (session !== undefined) {
    for (let i = 0; i < 3; i++) await attempt(() => pick(dice, operations)(session, signal));
    await session[Symbol.asyncDispose]();
  }
  for (const one of chassis) one[Symbol.dispose]();
  report.documents = transport.documents;
  return report;
}

function check(error: unknown, seed: number): asserts error is BmcError {
  if (!(error instanceof BmcError)) {
    throw new assert.AssertionError({
      message: `seed ${seed}: not a BmcError: ${error instanceof Error ? error.stack : error}`,
    });
  }
  assert.ok(!error.message.includes(password), `seed ${seed}: the password is in ${error.message}`);
  assert.ok(error.message.length < 1000, `seed ${seed}: a message of ${error.message.length} characters`);
  const { retryAfterSeconds } = error;
  assert.ok(retryAfterSeconds === undefined || (retryAfterSeconds >= 0 && retryAfterSeconds <= 3600), `seed ${seed}`);
}
