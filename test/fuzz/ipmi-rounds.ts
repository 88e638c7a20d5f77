import { BmcError } from '../../src/bmc/bmc-error.ts';
import { decodeRmcp } from '../../src/bmc/ipmi/codec/rmcp.ts';
import { payloadType } from '../../src/bmc/ipmi/codec/session20.ts';
import type { BmcSession } from '../../src/bmc/port.ts';
import { MemoryRig, rigCredentials } from '../../src/rack/bmc/ipmi/memory-rig.ts';
import type { Random } from '../faults/random.ts';
import { type Insider, insiderOf, isSealed } from './ipmi-insider.ts';
import { malformed } from './ipmi-mutation.ts';

/** What a round was like. */
export interface RoundReport {
  packets: number;
  /** The longest that one packet took, in milliseconds. */
  slowestMs: number;
}

const { password } = rigCredentials;

/** Everything the driver can do, in one session. */
async function work(rig: MemoryRig): Promise<void> {
  const { signal } = rig;
  const session: BmcSession = await rig.open({ requestTimeoutMs: 2_000 });
  try {
    await rig.run(session.powerState({ signal }));
    await rig.run(session.setBootOverride({ device: 'pxe', efiBoot: true, persistent: false }, { signal }));
    await rig.run(session.bootOverride({ signal }));
    await rig.run(session.power('on', { signal }));
    await rig.run(session.inventory({ signal }));
  } finally {
    await rig.run(session[Symbol.asyncDispose]());
  }
}

/** What either side says in a session without faults; `sealed` is what was inside the packets of the session. */
async function specimens(): Promise<Record<'console' | 'bmc' | 'sealed', Buffer[]>> {
  using rig = new MemoryRig();
  await work(rig);
  const from = (side: string) => rig.traffic.filter((entry) => entry.from === side).map(({ bytes }) => bytes);
  const { keys } = insiderOf(rig.traffic, password);
  const sealed = rig.traffic
    .filter(({ bytes }) => isSealed(bytes))
    .map(({ bytes }) => keys.open(decodeRmcp(bytes).body).payload);
  return { console: from('console'), bmc: from('bmc'), sealed };
}

/**
 * Malformed packets against the virtual BMC: from strangers, and from somebody who is logged in. It must not throw, keep
 * what it was sent, or be kept from its work.
 */
export async function fuzzBmc(random: Random, packets: number): Promise<RoundReport> {
  const pool = await specimens();
  const report = { packets: 0, slowestMs: 0 };
  while (report.packets < packets) {
    using rig = new MemoryRig();
    await rig.open();
    const insider = insiderOf(rig.traffic, password);
    const isLoggedIn = () => rig.bmc.sessions.active(insider.bmcSessionId) !== undefined;
    // Anew when the insider has closed the session by accident, and now and then for another one.
    for (let turn = 0; turn < 2_000 && report.packets < packets && isLoggedIn(); turn++) {
      const fromStranger = random.chance(0.7);
      const packet = fromStranger
        ? malformed(pool.console, random)
        : sealedGarbage(insider, insider.bmcSessionId, turn + 10, pool.sealed, random);
      const commands = rig.chassis.commands.length;
      timed(report, packet, () => rig.bmc.receive(packet));
      if (fromStranger && rig.chassis.commands.length !== commands) throw new Error(`acted: ${packet.toString('hex')}`);
    }
    const { active, half } = rig.bmc.sessions.size;
    if (active > 8 || half > 32) throw new Error(`${active} sessions and ${half} handshakes after malformed packets`);
    rig.bmc.sessions.forgetAll();
    await work(rig);
  }
  return report;
}

/**
 * Malformed packets against the driver, before each genuine answer at every stage: from strangers, and from a BMC that
 * knows the keys. It must end with a result or a BmcError.
 */
export async function fuzzDriver(random: Random, packets: number): Promise<RoundReport> {
  const pool = await specimens();
  const report = { packets: 0, slowestMs: 0 };
  while (report.packets < packets) {
    using rig = new MemoryRig();
    // By far the most sessions would end in the handshake, where nothing is authenticated yet, if all were spoilt there.
    const spoilsHandshake = random.chance(0.2);
    let sequence = 1_000;
    rig.intercept = (answer, deliver) => {
      const sealed = isSealed(answer);
      if (sealed || spoilsHandshake) {
        for (let count = 0; count < 100; count++) {
          const packet =
            sealed && random.chance(0.03)
              ? lie(answer, insiderOf(rig.traffic, password), ++sequence, random)
              : malformed([answer, answer, ...pool.bmc], random);
          timed(report, packet, () => deliver(packet));
        }
      }
      deliver(answer);
    };
    try {
      await work(rig);
    } catch (error) {
      if (!(error instanceof BmcError)) throw error;
    }
    if (rig.clock.pending > 1) throw new Error(`${rig.clock.pending} timers left`);
  }
  return report;
}

/** A sealed packet with something malformed in it. */
function sealedGarbage(
  { keys }: Insider,
  sessionId: number,
  sequence: number,
  pool: readonly Buffer[],
  random: Random,
): Buffer {
  const type = random.chance(0.95) ? payloadType.ipmi : random.below(64);
  const payload = random.chance(0.5) ? withRightSums(malformed(pool, random)) : malformed(pool, random);
  return keys.seal({ payloadType: type, sessionId, sequence, payload });
}

/** The genuine answer, changed by somebody who can seal it again. */
function lie(answer: Buffer, { keys, consoleSessionId }: Insider, sequence: number, random: Random): Buffer {
  const { payload } = keys.open(decodeRmcp(answer).body);
  const changed = withRightSums(malformed([payload], random));
  return keys.seal({ payloadType: payloadType.ipmi, sessionId: consoleSessionId, sequence, payload: changed });
}

/** The checksums of a message put right, so that what comes after them is looked at. */
function withRightSums(message: Buffer): Buffer {
  if (message.length < 7) return message;
  const fixed = Buffer.from(message);
  const sum = (from: number, to: number) => fixed.subarray(from, to).reduce((total, byte) => total + byte, 0);
  fixed[2] = -sum(0, 2) & 0xff;
  fixed[fixed.length - 1] = -sum(3, fixed.length - 1) & 0xff;
  return fixed;
}

/** Names the packet that broke something: the mutations are seeded, but keys and session ids never are. */
function timed(report: RoundReport, packet: Buffer, action: () => unknown): void {
  const started = performance.now();
  try {
    action();
  } catch (error) {
    throw new Error(`packet ${report.packets}: ${packet.toString('hex')}`, { cause: error });
  }
  report.packets += 1;
  report.slowestMs = Math.max(report.slowestMs, performance.now() - started);
}
