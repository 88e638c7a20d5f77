/**
 * The BMC service alone in its process: `service.ts KUBECONFIG NAMESPACE INTERVAL_SECONDS`. Tells when it runs, and on
 * request what it has done since the last request.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { addBmcService } from '../../src/bmc/reconcile/bmc-service.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { Manager } from '../../src/kube/manager/manager.ts';
import { reconcileDone, requestDone } from '../../src/kube/telemetry/channels.ts';

/** What the service has done since it was last asked. */
export interface BmcFigures {
  polls: number;
  writes: number;
  /** The most that were open at once, as sampled ten times a second. */
  sockets: number;
  cpuMs: number;
  rssMebibytes: number;
}

const [path = '', namespace = '', interval = '30'] = process.argv.slice(2);
let polls = 0;
let writes = 0;
let sockets = 0;
let cpu = process.cpuUsage();
reconcileDone.subscribe(({ controller }) => {
  if (controller === 'bmc-machine') polls += 1;
});
requestDone.subscribe(({ method }) => {
  if (method !== 'GET') writes += 1;
});

const manager = new Manager(connect(loadKubeConfig({ path })));
addBmcService(manager, { namespace, powerCheckSeconds: Number(interval) });
const stop = new AbortController();
const running = manager.run(stop.signal);
setInterval(() => {
  sockets = Math.max(sockets, openSockets());
}, 100);
process.on('message', () => {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage(cpu);
  const rssMebibytes = process.memoryUsage().rss / 2 ** 20;
  const figures: BmcFigures = { polls, writes, sockets, cpuMs: (user + system) / 1000, rssMebibytes };
  process.send?.(figures);
  polls = 0;
  writes = 0;
  sockets = 0;
  cpu = process.cpuUsage();
});
process.once('disconnect', () => process.exit());
process.send?.('running');
await running;

function openSockets(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      // It was closed in between.
      return false;
    }
  }).length;
}
