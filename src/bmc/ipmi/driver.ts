import { type Clock, systemClock } from '../../api/time/clock.ts';
import { BmcError } from '../bmc-error.ts';
import type { BmcDriver, BmcSession, BmcTarget, CallOptions } from '../port.ts';
import { rmcpPort } from './codec/rmcp.ts';
import { credentialsFault } from './credentials.ts';
import type { DatagramAddress, DatagramPort, OpenDatagramPort } from './link/datagram-port.ts';
import { openUdpPort } from './link/udp-port.ts';
import { Wire } from './link/wire.ts';
import { Login } from './login.ts';
import { type IpmiOptions, settingsOf } from './options.ts';
import { IpmiSession } from './session.ts';

/** Speaks IPMI 2.0 over RMCP+ (UDP port 623), encrypted and authenticated by cipher suite 17 or 3. */
export class IpmiDriver implements BmcDriver<IpmiOptions> {
  readonly provider = 'ipmi';
  readonly #clock: Clock;
  readonly #openPort: OpenDatagramPort;

  constructor(parts: { clock?: Clock; openPort?: OpenDatagramPort } = {}) {
    this.#clock = parts.clock ?? systemClock;
    this.#openPort = parts.openPort ?? openUdpPort;
  }

  /** @throws BmcError `unsupported` for a cipher suite other than 3 and 17; else as the port says */
  async open(target: BmcTarget, options: IpmiOptions & CallOptions): Promise<BmcSession> {
    const address = { host: target.host, port: target.port ?? rmcpPort };
    const peer = nameOf(address);
    const settings = settingsOf(options);
    if (settings === undefined) {
      throw new BmcError('unsupported', `${peer}: cipher suite ${options.cipherSuite}: only 3 and 17 are supported`);
    }
    const fault = credentialsFault(target.credentials);
    if (fault !== undefined) throw new BmcError('unauthorized', `${peer}: ${fault}`);
    const port = await this.#connect(address, peer, options.signal);
    const wire = new Wire(port, { clock: this.#clock, repeatAfterMs: settings.repeatAfterMs, peer });
    try {
      const login = new Login(wire, target.credentials, settings);
      return new IpmiSession(wire, login, settings, await login.run(options.signal));
    } catch (error) {
      wire.close();
      throw error;
    }
  }

  async #connect(address: DatagramAddress, peer: string, signal: AbortSignal): Promise<DatagramPort> {
    const fail = (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      return new BmcError('unreachable', `${peer}: ${why}`, { cause: error });
    };
    if (signal.aborted) throw fail(signal.reason);
    const opening = this.#openPort(address);
    // A look-up of a name cannot be called off; what comes of it is then not wanted any more.
    const aborted = Promise.withResolvers<never>();
    const abort = () => {
      aborted.reject(fail(signal.reason));
      opening.then((port) => port.close()).catch(() => undefined);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([opening.catch((error: unknown) => Promise.reject(fail(error))), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

function nameOf({ host, port }: DatagramAddress): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return `BMC ${bare.includes(':') ? `[${bare}]` : bare}:${port} (IPMI)`;
}
