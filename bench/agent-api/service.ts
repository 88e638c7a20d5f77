/**
 * The agent API alone in its process: `service.ts KUBECONFIG NAMESPACE`. Tells its port, and on request what it has done
 * since the last request.
 */
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { requestDone } from '../../src/kube/telemetry/channels.ts';
import { AgentApiRig } from '../../test/support/agent-api-rig.ts';

/** What the service has done since it was last asked. */
export interface ServiceFigures {
  writes: number;
  conflicts: number;
  waiting: number;
  cpuMs: number;
  rssMebibytes: number;
  /** Live objects of JavaScript; most of the rest is what nghttp2 holds for each connection, 22 KiB. */
  heapMebibytes: number;
}

const [path = '', namespace = ''] = process.argv.slice(2);
let writes = 0;
let conflicts = 0;
let cpu = process.cpuUsage();
requestDone.subscribe(({ method, code }) => {
  if (method === 'GET') return;
  writes += 1;
  if (code === '409') conflicts += 1;
});

const rig = await AgentApiRig.start(connect(loadKubeConfig({ path })), namespace);
process.on('message', () => {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage(cpu);
  const { rss, heapUsed } = process.memoryUsage();
  const rssMebibytes = rss / 2 ** 20;
  const heapMebibytes = heapUsed / 2 ** 20;
  const figures: ServiceFigures = {
    writes,
    conflicts,
    waiting: rig.server.waiting,
    cpuMs: (user + system) / 1000,
    rssMebibytes,
    heapMebibytes,
  };
  process.send?.(figures);
  writes = 0;
  conflicts = 0;
  cpu = process.cpuUsage();
});
process.once('disconnect', () => process.exit());
process.send?.(rig.server.port);
