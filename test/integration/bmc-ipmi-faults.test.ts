import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { systemClock } from '../../src/api/time/clock.ts';
import { BmcError } from '../../src/bmc/bmc-error.ts';
import { IpmiDriver } from '../../src/bmc/ipmi/driver.ts';
import type { IpmiOptions } from '../../src/bmc/ipmi/options.ts';
import type { BmcSession, BmcTarget } from '../../src/bmc/port.ts';
import { Dice } from '../../src/rack/bmc/dice.ts';
import { FakeChassis } from '../../src/rack/bmc/fake-chassis.ts';
import { rollFaults } from '../../src/rack/bmc/faults.ts';
import { VirtualIpmiBmc } from '../../src/rack/bmc/ipmi/bmc.ts';
import { rollUdpFaults } from '../../src/rack/bmc/ipmi/lossy-path.ts';
import { Network, type NetworkOptions } from '../../src/rack/bmc/ipmi/network.ts';
import type { VirtualIpmiBmcOptions } from '../../src/rack/bmc/ipmi/options.ts';
import { rollQuirks } from '../../src/rack/bmc/ipmi/quirks.ts';
import { IpmiBmcServer } from '../../src/rack/bmc/ipmi/server.ts';
import { skipBecause } from '../support/reporter.ts';

const credentials = { username: 'admin', password: 'secret' };
const { signal } = new AbortController();
/** Quick, as the loopback interface is. */
const quick: IpmiOptions = { repeatAfterMs: 50, requestTimeoutMs: 2_000, closeTimeoutMs: 500 };

class Bench implements AsyncDisposable {
  readonly chassis = new FakeChassis({ clock: systemClock });
  readonly bmc: VirtualIpmiBmc;
  readonly #network: Network;
  readonly #driver = new IpmiDriver();
  #server: IpmiBmcServer | undefined;

  constructor(bmc: Partial<VirtualIpmiBmcOptions> = {}, network: NetworkOptions = {}) {
    const { chassis } = this;
    const users = [{ name: credentials.username, password: credentials.password }];
    this.bmc = new VirtualIpmiBmc({ chassis, users, ...bmc });
    this.#network = new Network(this.bmc, network);
  }

  async start(host = '127.0.0.1'): Promise<this> {
    this.#server = await IpmiBmcServer.start(this.#network, host);
    return this;
  }

  open(options: IpmiOptions = {}, changed: Partial<BmcTarget['credentials']> = {}): Promise<BmcSession> {
    assert.ok(this.#server);
    const { host, port } = this.#server;
    const target = { host, port, credentials: { ...credentials, ...changed } };
    return this.#driver.open(target, { ...quick, ...options, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.#network[Symbol.dispose]();
    this.bmc[Symbol.dispose]();
    this.chassis[Symbol.dispose]();
  }
}

/** The whole work of one installation; returns what the BMC said of the power at the end. */
async function work(bench: Bench, options: IpmiOptions = {}): Promise<string> {
  await using session = await bench.open(options);
  await session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, { signal });
  assert.equal((await session.bootOverride({ signal })).active, true);
  await session.power('on', { signal });
  // Awaited here: the session is closed on the way out.
  return await session.powerState({ signal });
}

const kindOf = (error: unknown) => {
  assert.ok(error instanceof BmcError, String(error));
  return error.kind;
};

describe('our IPMI driver against our virtual BMC over UDP', () => {
  const seeded = () => new Dice(4);
  const cases: [string, Partial<VirtualIpmiBmcOptions>, NetworkOptions, string][] = [
    ['nothing wrong', {}, {}, 'on'],
    ['only cipher suite 3', { cipherSuites: [3] }, {}, 'on'],
    ['only cipher suite 17', { cipherSuites: [17] }, {}, 'on'],
    ['silence for suite 17', { cipherSuites: [3], quirks: { silentOnUnknownSuite: true } }, {}, 'on'],
    ['hidden capabilities', { quirks: { hidesCapabilities: true } }, {}, 'on'],
    ['no boot options but the flags', { quirks: { onlyBootFlags: true } }, {}, 'on'],
    ['a slow BMC', {}, { slowMs: 150 }, 'on'],
    [
      'every datagram doubled',
      {},
      { faults: { lostChance: 0, doubledChance: 1, overtakenChance: 0 }, dice: seeded() },
      'on',
    ],
    [
      'datagrams out of order',
      {},
      { faults: { lostChance: 0, doubledChance: 0.3, overtakenChance: 0.5 }, dice: seeded() },
      'on',
    ],
    ['silent success', { faults: { silentSuccess: true } }, {}, 'off'],
    ['refused credentials', { faults: { refusesCredentials: true } }, {}, 'unauthorized'],
    ['a busy BMC', { faults: { busyChance: 1 }, dice: seeded() }, {}, 'busy'],
    ['no room for a session', { sessionLimit: 0 }, {}, 'busy'],
    ['IPMI 1.5', { quirks: { onlyV15: true } }, {}, 'unsupported'],
    ['no cipher suite in common', { cipherSuites: [] }, {}, 'unsupported'],
    [
      'everything lost',
      {},
      { faults: { lostChance: 1, doubledChance: 0, overtakenChance: 0 }, dice: seeded() },
      'unreachable',
    ],
  ];
  for (const [name, bmc, network, expected] of cases) {
    it(`${name}: ${expected}`, async () => {
      await using bench = await new Bench(bmc, network).start();
      assert.equal(await work(bench).catch(kindOf), expected);
      assert.deepEqual(bench.bmc.sessions.size.active, 0);
    });
  }

  it('a wrong password, and a wrong name: unauthorized', async () => {
    await using bench = await new Bench().start();
    await assert.rejects(bench.open({}, { password: 'wrong' }), { kind: 'unauthorized' });
    await assert.rejects(bench.open({}, { username: 'wrong' }), { kind: 'unauthorized' });
  });

  it('a power state that lags is right when the machine is there', async () => {
    await using bench = await new Bench().start();
    bench.chassis.lagMs = 100;
    assert.equal(await work(bench), 'off');
    await using session = await bench.open();
    const states: string[] = [];
    while (states.at(-1) !== 'on') states.push(await session.powerState({ signal }));
    assert.ok(states.length > 1);
  });

  it('a session lost in the middle is opened anew for questions, and not known for commands', async () => {
    await using bench = await new Bench().start();
    await using session = await bench.open({ requestTimeoutMs: 400 });
    bench.bmc.sessions.forgetAll();
    assert.equal(await session.powerState({ signal }), 'off');
    bench.bmc.sessions.forgetAll();
    await assert.rejects(session.power('on', { signal }), { kind: 'unreachable' });
    assert.equal(await session.powerState({ signal }), 'off');
  });

  it('works over IPv6', async function () {
    const bench = new Bench();
    try {
      await bench.start('::1');
    } catch (error) {
      skipBecause(this, `there is no IPv6 loopback here: ${(error as Error).message}`);
    }
    await using _ = bench;
    assert.equal(await work(bench), 'on');
  });

  it('ends every seed of faults in a right result or the right kind of error', async () => {
    const outcomes = await Promise.all(Array.from({ length: 24 }, (_, index) => runSeed(index + 1)));
    // Some seeds are harmless, some are not; if all were the same, the dice would be loaded.
    assert.ok(new Set(outcomes).size > 2, outcomes.join(' '));
  });
});

/** One seed: faults of BMC and network at once. Returns how it ended. */
async function runSeed(seed: number): Promise<string> {
  const dice = new Dice(seed);
  const { slowMs, ...faults } = rollFaults(dice);
  const quirks = rollQuirks(dice);
  const cipherSuites = dice.chance(0.3) ? ([3] as const) : ([3, 17] as const);
  const network = { faults: rollUdpFaults(dice), slowMs: slowMs / 20, dice };
  await using bench = await new Bench({ faults, quirks, cipherSuites, dice }, network).start();
  const outcome = await work(bench).catch(kindOf);
  const told = bench.chassis.commands.filter((command) => command === 'on').length;
  const context = `seed ${seed}: ${outcome}, told ${told} times`;
  assert.ok(told <= 1, context);
  if (outcome === 'on') assert.equal(bench.chassis.actualPowerState, 'on', context);
  else if (outcome === 'off') assert.equal(faults.silentSuccess, true, context);
  else if (outcome === 'unauthorized') assert.equal(faults.refusesCredentials, true, context);
  else if (outcome === 'busy') assert.ok(faults.busyChance > 0, context);
  else assert.equal(outcome, 'unreachable', context);
  return outcome;
}
