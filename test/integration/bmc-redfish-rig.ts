import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { systemClock } from '../../src/api/time/clock.ts';
import type { BmcError, BmcErrorKind } from '../../src/bmc/bmc-error.ts';
import type { RedfishOptions } from '../../src/bmc/redfish/options.ts';
import { RedfishDriver } from '../../src/bmc/redfish/redfish-driver.ts';
import type { RedfishSession } from '../../src/bmc/redfish/redfish-session.ts';
import { FakeChassis, type FakeChassisOptions } from '../../src/rack/bmc/fake-chassis.ts';
import { VirtualRedfishBmc } from '../../src/rack/bmc/redfish/bmc.ts';
import type { VirtualRedfishBmcOptions } from '../../src/rack/bmc/redfish/options.ts';
import { generic } from '../../src/rack/bmc/redfish/profiles/generic.ts';

export const credentials = { username: 'admin', password: 'pass word!' };

/** As quick as can be without being a guess: loopback, and a BMC in this process. */
export const quick: RedfishOptions = {
  scheme: 'http',
  settleTimeoutSeconds: 0.1,
  settlePollSeconds: 0.02,
  taskPollSeconds: 0.01,
  requestTimeoutSeconds: 20,
};

export interface RigOptions extends Partial<Omit<VirtualRedfishBmcOptions, 'chassis'>> {
  machine?: Partial<FakeChassisOptions>;
}

/** A virtual BMC with simulated machines behind it, on a free port of the loopback. */
export class Rig implements AsyncDisposable {
  readonly bmc: VirtualRedfishBmc;
  readonly machines: readonly FakeChassis[];
  readonly port: number;

  private constructor(bmc: VirtualRedfishBmc, machines: readonly FakeChassis[], port: number) {
    this.bmc = bmc;
    this.machines = machines;
    this.port = port;
  }

  static async start({ machine, ...options }: RigOptions = {}): Promise<Rig> {
    const profile = options.profile ?? generic;
    const clock = machine?.clock ?? systemClock;
    const machines = profile.systemIds.map(() => new FakeChassis({ clock, ...machine }));
    const users = [{ name: credentials.username, password: credentials.password }];
    const bmc = new VirtualRedfishBmc({ users, ...options, chassis: machines });
    const { port } = await bmc.listen();
    return new Rig(bmc, machines, port);
  }

  /** The machine behind the first system. */
  get machine(): FakeChassis {
    const [first] = this.machines;
    assert.ok(first);
    return first;
  }

  open(options: RedfishOptions = {}, given = credentials): Promise<RedfishSession> {
    const several = this.machines.length > 1 ? { systemName: 'Blade1' } : {};
    const target = { host: '127.0.0.1', port: this.port, credentials: given };
    return new RedfishDriver().open(target, { ...quick, ...several, ...options, ...call() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const machine of this.machines) machine[Symbol.dispose]();
    await this.bmc[Symbol.asyncDispose]();
  }
}

/** A signal that ends a call that would hang a test. */
export function call(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(25_000) };
}

/** What a call ended as: `ok`, or the kind of its error and its text. */
export async function outcomeOf(
  work: Promise<unknown>,
): Promise<{ kind: 'ok' | BmcErrorKind; message: string; error?: BmcError }> {
  try {
    await work;
    return { kind: 'ok', message: '' };
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'BmcError', String(error));
    assert.ok(!error.message.includes(credentials.password), error.message);
    const failure = error as BmcError;
    return { kind: failure.kind, message: failure.message, error: failure };
  }
}

export async function failsAs(kind: BmcErrorKind, work: Promise<unknown>, message = /./): Promise<BmcError> {
  const outcome = await outcomeOf(work);
  assert.equal(outcome.kind, kind, outcome.message);
  assert.match(outcome.message, message);
  assert.ok(outcome.error);
  return outcome.error;
}

/** A port on the loopback that accepts connections and never says anything. */
export async function silentPort(): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
