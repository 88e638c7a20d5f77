import type { Connection } from '../api/bmc/v1alpha1/connection.ts';
import { CaptError } from '../api/errors/capt-error.ts';
import type { BmcCredentials, BmcDriver, BmcSession, CallOptions } from './port.ts';

/** What a Connection says to the IPMI driver. */
export interface IpmiProviderOptions {
  cipherSuite?: number;
}

/** What a Connection says to the Redfish driver. */
export interface RedfishProviderOptions {
  insecureTLS?: boolean;
  useBasicAuth?: boolean;
  systemName?: string;
}

/** The drivers there are, each for the protocol it speaks. */
export interface BmcDrivers {
  ipmi?: BmcDriver<IpmiProviderOptions>;
  redfish?: BmcDriver<RedfishProviderOptions>;
}

/** One way to speak to BMCs: a driver, and what a Connection means to it. */
export interface BmcProvider {
  /** Name of the driver, for status and messages. */
  readonly name: string;
  /** Names by which `preferredOrder` may call it, in lower case. */
  readonly aliases: readonly string[];
  open(connection: Connection, credentials: BmcCredentials, call: CallOptions): Promise<BmcSession>;
}

const defaultIpmiPort = 623;
const defaultRedfishPort = 443;

/**
 * The ways to speak to BMCs, in the order in which the original tries them. The web service (`rpc`), Intel AMT and Home
 * Assistant join them here.
 */
export function providersOf({ ipmi, redfish }: BmcDrivers): BmcProvider[] {
  return [...(ipmi ? [ipmiProvider(ipmi)] : []), ...(redfish ? [redfishProvider(redfish)] : [])];
}

/**
 * The ways to try for a BMC, in order: those that `preferredOrder` names, then the others.
 * @throws CaptError BMC_NO_PROVIDER when none that there is may be used
 */
export function orderedProviders(providers: readonly BmcProvider[], connection: Connection): BmcProvider[] {
  const exclusive = exclusiveWay(connection);
  const usable = exclusive === undefined ? providers : providers.filter(({ aliases }) => aliases.includes(exclusive));
  if (usable.length === 0) {
    throw new CaptError('BMC_NO_PROVIDER', { bmc: connection.host, wanted: exclusive ?? 'no driver is configured' });
  }
  const preferred = (connection.providerOptions?.preferredOrder ?? []).map((name) => name.toLowerCase());
  const rank = ({ aliases }: BmcProvider) => {
    const index = preferred.findIndex((name) => aliases.includes(name));
    return index < 0 ? preferred.length : index;
  };
  return [...usable].sort((a, b) => rank(a) - rank(b));
}

/** What tells one BMC from another: its host and the ports on which it would be spoken to. */
export function bmcKeyOf(connection: Connection): string {
  return `${connection.host.toLowerCase()}:${ipmiPort(connection)}/${redfishPort(connection)}`;
}

/** Home Assistant and the web service stand for the BMC; nothing else is tried then. */
function exclusiveWay({ providerOptions }: Connection): string | undefined {
  if (providerOptions?.homeassistant?.switchEntityID) return 'homeassistant';
  return providerOptions?.rpc?.consumerURL ? 'rpc' : undefined;
}

function ipmiProvider(driver: BmcDriver<IpmiProviderOptions>): BmcProvider {
  return {
    name: driver.provider,
    aliases: ['ipmitool'],
    open: (connection, credentials, call) => {
      const cipherSuite = connection.providerOptions?.ipmitool?.cipherSuite;
      return driver.open(
        { host: connection.host, port: ipmiPort(connection), credentials },
        { ...call, ...(cipherSuite ? { cipherSuite: Number(cipherSuite) } : {}) },
      );
    },
  };
}

/** The names of vendors are ways of their own in the original; here they are Redfish with the quirks of that vendor. */
function redfishProvider(driver: BmcDriver<RedfishProviderOptions>): BmcProvider {
  return {
    name: driver.provider,
    aliases: ['gofish', 'dell', 'supermicro', 'openbmc', 'asrockrack'],
    open: (connection, credentials, call) => {
      const { useBasicAuth, systemName } = connection.providerOptions?.redfish ?? {};
      return driver.open(
        { host: connection.host, port: redfishPort(connection), credentials },
        {
          ...call,
          insecureTLS: connection.insecureTLS,
          ...(useBasicAuth === undefined ? {} : { useBasicAuth }),
          ...(systemName ? { systemName } : {}),
        },
      );
    },
  };
}

/** Ports of 0 come from defaults written out by other tools, and mean none. */
function ipmiPort({ port, providerOptions }: Connection): number {
  return providerOptions?.ipmitool?.port || port || defaultIpmiPort;
}

function redfishPort({ providerOptions }: Connection): number {
  return providerOptions?.redfish?.port || defaultRedfishPort;
}
