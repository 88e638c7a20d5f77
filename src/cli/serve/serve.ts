import { homedir } from 'node:os';
import { pino } from 'pino';
import { kinds } from '../../api/kinds.ts';
import { logBmc } from '../../bmc/telemetry/logs.ts';
import { measureBmc } from '../../bmc/telemetry/metrics.ts';
import type { Client } from '../../kube/client/client.ts';
import { connect } from '../../kube/client/connect.ts';
import { loadKubeConfig } from '../../kube/client/kubeconfig.ts';
import { Manager } from '../../kube/manager/manager.ts';
import { preflight } from '../../kube/manager/preflight.ts';
import { logRuntime } from '../../kube/telemetry/logs.ts';
import { Metrics } from '../../kube/telemetry/metrics.ts';
import { logMetadata } from '../../metadata/logs.ts';
import { logDhcp } from '../../netboot/dhcp/logs.ts';
import { measureDhcp } from '../../netboot/dhcp/metrics.ts';
import { logNetboot } from '../../netboot/logs.ts';
import { catchInterrupts } from '../interrupt.ts';
import { kubeConfigSource } from '../kubeconfig-source.ts';
import { externalKubeconfig } from './external.ts';
import type { ServeFlags } from './flags.ts';
import type { HostPort } from './parse.ts';
import { type ServiceName, serviceNames } from './service-names.ts';
import { services } from './services.ts';

/** Name of the Lease over which replicas that run the same services elect a leader. */
function leaseName(names: readonly ServiceName[]): string {
  const sorted = serviceNames.filter((name) => names.includes(name));
  return sorted.length === serviceNames.length ? 'capt' : `capt-${sorted.join('-')}`;
}

/** `capt serve`: runs until it is told to stop, or until a part of it fails. */
export async function serve(flags: ServeFlags): Promise<void> {
  const config = loadKubeConfig(kubeConfigSource(flags.backendKubeConfig, process.env, homedir()));
  const { server } = config.cluster;
  const logger = pino({ level: flags.logLevel });
  using metrics = new Metrics();
  const stops = [
    logRuntime(logger),
    logNetboot(logger),
    logMetadata(logger),
    logDhcp(logger),
    measureDhcp(metrics.registry),
    logBmc(logger),
    measureBmc(metrics.registry),
  ];
  using interrupt = catchInterrupts();
  const { signal } = interrupt;
  const client = connect(config, { userAgent: 'capt', fieldManager: 'capt' });
  const external = connectExternal(flags);
  try {
    const wanted = flags.services.map((name) => services[name]);
    const isElsewhere = (group: string) =>
      external !== undefined && wanted.some(({ elsewhere }) => elsewhere?.includes(group));
    const ours = kinds.filter(({ group }) => wanted.some(({ groups }) => groups.includes(group)));
    const needed = [
      ...ours.filter(({ group }) => !isElsewhere(group)),
      ...wanted.flatMap((service) => service.kinds ?? []),
    ];
    const version = await preflight(client, needed, { server, signal });
    if (external !== undefined) {
      const there = ours.filter(({ group }) => isElsewhere(group));
      await preflight(external.client, there, { server: external.server, signal });
    }
    const where = external === undefined ? {} : { external: external.server };
    logger.info({ server, ...where, version, services: flags.services }, 'serving');
    const manager = new Manager(client, {
      server,
      health: { host: flags.bindAddress, port: flags.httpPort, portOption: '--http-port', metrics },
      probes: probesOf(flags),
      ...(flags.leaderElection ? { leaderElection: electionOf(flags) } : {}),
    });
    for (const name of flags.services) services[name].add(manager, flags, external);
    await manager.run(signal);
  } finally {
    await client.close();
    await external?.client.close();
    for (const stop of stops) stop();
  }
}

/** The cluster with Tinkerbell's objects, if it is another one. */
function connectExternal(flags: ServeFlags): { client: Client; server: string } | undefined {
  const path = externalKubeconfig(flags);
  if (path === undefined) return undefined;
  const config = loadKubeConfig({ path });
  return { client: connect(config, { userAgent: 'capt', fieldManager: 'capt' }), server: config.cluster.server };
}

/** Where CAPT serves probes and metrics, if that was asked for. */
function probesOf({ healthAddr, metricsBindAddr, bindAddress }: ServeFlags) {
  const probe = (portOption: string, at: HostPort | undefined) =>
    at === undefined ? [] : [{ name: `health server of ${portOption}`, portOption, host: bindAddress, ...at }];
  return [...probe('--health-addr', healthAddr), ...probe('--metrics-bind-addr', metricsBindAddr)];
}

function electionOf(flags: ServeFlags) {
  return {
    name: leaseName(flags.services),
    namespace: flags.leaderElectionNamespace,
    leaseDurationSeconds: flags.leaderElectLeaseDuration,
    renewDeadlineSeconds: flags.leaderElectRenewDeadline,
    retryPeriodSeconds: flags.leaderElectRetryPeriod,
  };
}
