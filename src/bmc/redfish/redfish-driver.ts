import { type Clock, systemClock } from '../../api/time/clock.ts';
import { BmcError } from '../bmc-error.ts';
import type { BmcCredentials, BmcDriver, BmcTarget, CallOptions } from '../port.ts';
import { BasicAuthentication } from './auth/basic.ts';
import { login } from './auth/login.ts';
import { RedfishClient } from './client.ts';
import { Exchange } from './http/exchange.ts';
import { refusalOf } from './http/refusal.ts';
import type { HttpTransport } from './http/transport.ts';
import { UndiciTransport } from './http/undici-transport.ts';
import { at, type Json } from './json.ts';
import { type RedfishOptions, type RedfishSettings, settingsOf } from './options.ts';
import { originOf } from './origin.ts';
import { Peer } from './peer.ts';
import { RedfishSession } from './redfish-session.ts';
import { Site } from './site.ts';

export interface RedfishDriverParts {
  clock?: Clock;
  /** What holds for every BMC that says nothing else. */
  defaults?: RedfishOptions;
  /** Makes the transport to one BMC. Default: HTTP by undici. */
  connect?: (origin: string, settings: RedfishSettings) => HttpTransport;
}

const rootPath = '/redfish/v1/';
const defaultPorts = { https: 443, http: 80 };

/** Speaks Redfish (DSP0266 over HTTPS, TCP port 443), with what vendors make of it. */
export class RedfishDriver implements BmcDriver<RedfishOptions> {
  readonly provider = 'redfish';
  readonly #clock: Clock;
  readonly #defaults: RedfishOptions;
  readonly #connect: NonNullable<RedfishDriverParts['connect']>;

  constructor({ clock = systemClock, defaults = {}, connect }: RedfishDriverParts = {}) {
    this.#clock = clock;
    this.#defaults = defaults;
    this.#connect = connect ?? ((origin, settings) => new UndiciTransport(origin, settings));
  }

  /** @throws BmcError `unsupported` when no Redfish is spoken there, `rejected` when `systemName` leaves a doubt */
  async open(target: BmcTarget, options: RedfishOptions & CallOptions): Promise<RedfishSession> {
    const { signal, ...given } = options;
    const settings = settingsOf({ ...settingsOf(this.#defaults), ...given });
    const port = target.port ?? defaultPorts[settings.scheme];
    const peer = new Peer(target.host, port);
    const { username, password } = target.credentials;
    if (username === '') throw new BmcError('unauthorized', `${peer.name}: there is no user name`);
    peer.keepSecret(password);
    const origin = originOf(settings.scheme, target.host, port);
    if (origin === undefined) throw peer.error('rejected', 'this is neither a host name nor an address');
    const exchange = new Exchange(this.#connect(origin, settings), peer, settings, this.#clock);
    return await this.#begin(exchange, settings, target, { signal });
  }

  async #begin(
    exchange: Exchange,
    settings: RedfishSettings,
    { credentials }: BmcTarget,
    call: CallOptions,
  ): Promise<RedfishSession> {
    let client: RedfishClient | undefined;
    try {
      const root = await serviceRoot(exchange, credentials, call);
      const authentication = await login(exchange, root, credentials, settings.useBasicAuth, call);
      client = new RedfishClient(exchange, authentication, settings);
      const { site, system } = await Site.find(client, root, call);
      return new RedfishSession(site, system);
    } catch (error) {
      // A session that stays behind is one of the few that a BMC has.
      await (client?.close() ?? exchange.close().catch(() => undefined));
      throw error;
    }
  }
}

/** The resource from which all links start; open to everybody (DSP0266 §6.3), though not with every BMC. */
async function serviceRoot(exchange: Exchange, credentials: BmcCredentials, call: CallOptions): Promise<Json> {
  let answer = await exchange.send({ method: 'GET', path: rootPath }, call);
  if (answer.status === 401) {
    const headers = new BasicAuthentication(credentials, exchange.peer).headers();
    answer = await exchange.send({ method: 'GET', path: rootPath, headers }, call);
  }
  if (!answer.ok) throw refusalOf(answer, `GET ${rootPath}`, exchange.peer, exchange.clock.now());
  const isRoot = at(answer.json, 'Systems') !== undefined || at(answer.json, 'RedfishVersion') !== undefined;
  if (!isRoot) throw exchange.peer.error('protocol', `GET ${rootPath}: the answer is not a Redfish service root`);
  return answer.json;
}
