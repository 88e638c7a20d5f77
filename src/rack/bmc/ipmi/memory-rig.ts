import { FakeClock } from '../../../api/time/fake-clock.ts';
import { IpmiDriver } from '../../../bmc/ipmi/driver.ts';
import type { OpenDatagramPort } from '../../../bmc/ipmi/link/datagram-port.ts';
import type { IpmiOptions } from '../../../bmc/ipmi/options.ts';
import type { BmcCredentials, BmcSession } from '../../../bmc/port.ts';
import { FakeChassis } from '../fake-chassis.ts';
import { VirtualIpmiBmc } from './bmc.ts';
import { memoryPorts } from './memory-port.ts';
import { Network, type NetworkOptions } from './network.ts';
import type { VirtualIpmiBmcOptions } from './options.ts';

export const rigCredentials: BmcCredentials = { username: 'admin', password: 'correct horse' };

const stepMs = 50;
const patienceMs = 600_000;

/** Driver, network, BMC and machine in one process on one clock that only tests move. */
export class MemoryRig implements Disposable {
  readonly clock = new FakeClock();
  readonly chassis = new FakeChassis({ clock: this.clock });
  readonly bmc: VirtualIpmiBmc;
  readonly driver: IpmiDriver;
  readonly signal: AbortSignal = new AbortController().signal;
  /** Every datagram between the two, as it leaves its sender. */
  readonly traffic: { from: 'console' | 'bmc'; bytes: Buffer }[] = [];
  /** While this says true, the datagram is lost. */
  loses: (from: 'console' | 'bmc') => boolean = () => false;
  /** Comes between the BMC's answer and the driver; calls `deliver` with whatever the driver shall get. */
  intercept: (answer: Buffer, deliver: (bytes: Buffer) => void) => void = (answer, deliver) => deliver(answer);
  readonly #network: Network;

  constructor(bmc: Partial<VirtualIpmiBmcOptions> = {}, network: NetworkOptions = {}) {
    const { clock, chassis } = this;
    const users = [{ name: rigCredentials.username, password: rigCredentials.password }];
    this.bmc = new VirtualIpmiBmc({ chassis, users, clock, ...bmc });
    this.#network = new Network(this.bmc, { clock, ...network });
    this.driver = new IpmiDriver({ clock, openPort: this.#tapped(memoryPorts(this.#network)) });
  }

  /** Opens a session; time passes while it does. */
  open(options: IpmiOptions = {}, credentials: BmcCredentials = rigCredentials): Promise<BmcSession> {
    const { signal } = this;
    return this.run(this.driver.open({ host: '192.0.2.1', credentials }, { ...options, signal }));
  }

  /** Lets time pass until `work` is done. @throws Error when it is not done after ten minutes of that time */
  async run<T>(work: PromiseLike<T>): Promise<T> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    void work.then(end, end);
    for (let waitedMs = 0; !isDone; waitedMs += stepMs) {
      if (waitedMs > patienceMs) throw new Error(`not done after ${patienceMs / 1000} s`);
      await this.clock.advance(stepMs);
    }
    return work;
  }

  [Symbol.dispose](): void {
    this.#network[Symbol.dispose]();
    this.bmc[Symbol.dispose]();
    this.chassis[Symbol.dispose]();
  }

  #tapped(openPort: OpenDatagramPort): OpenDatagramPort {
    return async (address) => {
      const port = await openPort(address);
      return {
        listen: (listener) =>
          port.listen({
            failed: (error) => listener.failed(error),
            received: (bytes) => {
              this.traffic.push({ from: 'bmc', bytes });
              if (!this.loses('bmc')) this.intercept(bytes, (changed) => listener.received(changed));
            },
          }),
        send: (bytes) => {
          this.traffic.push({ from: 'console', bytes });
          if (!this.loses('console')) port.send(bytes);
        },
        close: () => port.close(),
      };
    };
  }
}
