/**
 * One controller process for kube-leader.test.ts: competes for a lease, and for every line on its input tries one write
 * as the leader. Tells on its output what happens: `leading`, `wrote`, `refused CODE`, and last `ended CODE`.
 * Arguments: kubeconfig, namespace, identity.
 */
import { createInterface } from 'node:readline';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';
import { Manager } from '../../src/kube/manager/manager.ts';

const [path = '', namespace = '', identity = ''] = process.argv.slice(2);
const tell = (line: string) => process.stdout.write(`${line}\n`);
const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error);

const client = connect(loadKubeConfig({ path }));
const manager = new Manager(client, {
  leaderElection: {
    namespace,
    name: 'capt',
    identity,
    leaseDurationSeconds: 3,
    renewDeadlineSeconds: 2,
    retryPeriodSeconds: 0.3,
  },
});

async function write(): Promise<void> {
  try {
    await manager.leaderClient.mergePatch(ConfigMap, { namespace, name: 'work' }, { data: { writer: identity } });
    tell('wrote');
  } catch (error) {
    tell(`refused ${codeOf(error)}`);
  }
}

createInterface({ input: process.stdin }).on('line', () => void write());

manager.add({
  name: 'work',
  run: (signal) => {
    tell('leading');
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  },
});

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
try {
  await manager.run(stop.signal);
  tell('ended well');
} catch (error) {
  tell(`ended ${codeOf(error)}`);
}
await client.close();
// Goes on to answer, as a process whose end takes a while would, until its input ends or it is killed.
