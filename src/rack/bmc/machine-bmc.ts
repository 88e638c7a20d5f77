import type { Connection } from '../../api/bmc/v1alpha1/connection.ts';
import type { Chassis } from './chassis.ts';
import type { Dice } from './dice.ts';
import type { BmcFaults } from './faults.ts';
import { VirtualIpmiBmc } from './ipmi/bmc.ts';
import { Network } from './ipmi/network.ts';
import type { IpmiQuirks } from './ipmi/quirks.ts';
import { IpmiBmcServer } from './ipmi/server.ts';
import { VirtualRedfishBmc } from './redfish/bmc.ts';
import type { VirtualRedfishTls } from './redfish/options.ts';

export interface BmcOptions {
  protocol: 'ipmi' | 'redfish';
  chassis: Chassis;
  login: { username: string; password: string };
  /** For Redfish, which drivers speak over HTTPS only. */
  tls?: VirtualRedfishTls;
  /** Address to listen on. Default the loopback. */
  host?: string;
  /** 0 for any that is free. Default 0. */
  port?: number;
  faults?: Partial<BmcFaults>;
  quirks?: Partial<IpmiQuirks>;
  /** Needed for faults with a chance. */
  dice?: Dice;
}

/** The BMC of a machine; it has power whatever the machine does. */
export class MachineBmc implements AsyncDisposable {
  readonly protocol: BmcOptions['protocol'];
  readonly host: string;
  readonly port: number;
  readonly #parts: (AsyncDisposable | Disposable)[];

  private constructor(
    { protocol, host, port }: Pick<MachineBmc, 'protocol' | 'host' | 'port'>,
    parts: (AsyncDisposable | Disposable)[],
  ) {
    this.protocol = protocol;
    this.host = host;
    this.port = port;
    this.#parts = parts;
  }

  static async start(options: BmcOptions): Promise<MachineBmc> {
    const { protocol, chassis, login, tls, host = '127.0.0.1', port = 0, faults = {}, quirks = {}, dice } = options;
    const users = [{ name: login.username, password: login.password }];
    const random = dice === undefined ? {} : { dice };
    if (protocol === 'redfish') {
      const bmc = new VirtualRedfishBmc({ chassis: [chassis], users, faults, ...random, ...(tls ? { tls } : {}) });
      const address = await bmc.listen({ host, port });
      return new MachineBmc({ protocol, host, port: address.port }, [bmc]);
    }
    const bmc = new VirtualIpmiBmc({ chassis, users, faults, quirks, ...random });
    const network = new Network(bmc, { slowMs: faults.slowMs ?? 0 });
    const server = await IpmiBmcServer.start(network, host, port);
    return new MachineBmc({ protocol, host, port: server.port }, [bmc, network, server]);
  }

  /** How a bmc Machine names it. */
  connection(authSecretRef: { namespace: string; name: string }): Connection {
    const { host, port } = this;
    const providerOptions =
      this.protocol === 'redfish'
        ? { preferredOrder: ['gofish'], redfish: { port } }
        : { preferredOrder: ['ipmitool'], ipmitool: { port } };
    return { host, insecureTLS: true, authSecretRef, providerOptions } as Connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const part of this.#parts) {
      if (Symbol.asyncDispose in part) await part[Symbol.asyncDispose]();
      else part[Symbol.dispose]();
    }
  }
}
