import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { MachineDeployment } from '../../src/api/capi/v1beta2/machine-deployment.ts';
import { chooseFreePort } from '../../src/bootstrap/local/ports.ts';
import type { Dice } from '../../src/rack/bmc/dice.ts';
import { deathPoints, rollBmcFaults } from '../../src/rack/simulated/faults.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { machineTemplate } from '../support/lifecycle/cluster-manifests.ts';
import { LifecycleRig } from '../support/lifecycle/lifecycle-rig.ts';
import { doubledWork, Watchdog } from '../support/lifecycle/watchdog.ts';
import { Serving } from '../support/serving.ts';
import { whileProgressing } from './progressing.ts';
import { Random } from './random.ts';

export interface LifecycleSeedOptions {
  /** How often the services are killed in each part of the cluster's life. */
  killsAPart: number;
  /** A part has failed when nothing has moved for so long: a BMC that gave no answer is left alone for a minute. */
  stalledSeconds: number;
}

export interface LifecycleSeedReport {
  kills: number;
  seconds: number;
}

function machineFaults(_index: number, dice: Dice) {
  const harmless = deathPoints.filter((at) => at !== 'working');
  const deaths = Array.from({ length: dice.below(4) }, () => ({
    action: dice.below(10),
    at: harmless[dice.below(harmless.length)] ?? 'handed',
  }));
  return { machine: { deaths }, bmc: rollBmcFaults(dice) };
}

/**
 * The life of a cluster (create, grow, shrink, roll without a spare host, delete) on the real Cluster API, while `capt
 * serve` with all that it needs is killed at random instants. In the end everything is as if nothing had happened, and at
 * no time had a host two machines, was a live host switched off, or was anything done twice.
 */
export async function lifecycleSeed(seed: number, options: LifecycleSeedOptions): Promise<LifecycleSeedReport> {
  const started = performance.now();
  const random = new Random(seed);
  const agentPort = await chooseFreePort('127.0.0.1', { taken: [] });
  const httpPort = await chooseFreePort('127.0.0.1', { taken: [agentPort] });
  await using rig = await LifecycleRig.create('crash', {
    ...{ machines: 5, workers: 2, agentPort, seed },
    // Every other seed with BMCs as they are, and agents that die where nothing is lost by it.
    ...(seed % 2 === 0 ? { faults: machineFaults } : {}),
  });
  const serving = new Serving('provider,workflow,bmc', [
    ...['--kubeconfig', testControlPlane().kubeconfigFile, '--backend-kube-namespace', rig.namespace],
    ...['--tink-server-bind-port', String(agentPort), '--http-port', String(httpPort), '--log-level', 'warn'],
    ...['--metadata-url', 'http://192.0.2.1:7080'],
  ]);
  let kills = 0;
  /** Waits for the end of a part of the life, in whose course the services die. */
  const surviving = async (what: string, end: () => Promise<void>) => {
    let isOver = false;
    const killing = (async () => {
      for (let left = options.killsAPart; left > 0 && !isOver; left--) {
        await delay(300 + random.below(6000));
        if (isOver) return;
        await serving.end('SIGKILL');
        serving.start();
        kills++;
      }
    })();
    try {
      await whileProgressing(end, () => rig.movement(), {
        stalledSeconds: options.stalledSeconds,
        mostSeconds: options.stalledSeconds * 5,
      });
    } catch (error) {
      const told = `${what}: ${rig.histories()}\n${serving.output.slice(-3000)}`;
      throw new Error(told, { cause: error });
    } finally {
      isOver = true;
      await killing;
    }
  };
  const running = (machines: number) => async () => {
    await rig.assertRunning(machines);
    await rig.assertCleanHosts(5 - machines);
  };
  serving.start();
  try {
    await using watchdog = new Watchdog(rig.client, rig.namespace);
    await rig.createCluster();
    await surviving('create', running(3));
    await rig.scale(4);
    await surviving('grow', running(5));
    const before = new Set((await rig.workers()).map(({ metadata }) => metadata.name));
    await rig.apply(
      machineTemplate(rig.shape, 'workers', '-2', { imageLookupFormat: 'http://192.0.2.1/other.img.gz' }),
    );
    const rollout = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 2 } } };
    const template = { spec: { infrastructureRef: { name: 'c-workers-2' } } };
    await rig.patch(MachineDeployment, 'c-workers', { spec: { rollout, template } });
    await surviving('roll', async () => {
      const now = await rig.workers();
      assert.ok(now.every(({ metadata }) => !before.has(metadata.name)));
      await running(5)();
    });
    await rig.scale(1);
    await surviving('shrink', running(2));
    await rig.delete(Cluster, 'c');
    await surviving('delete', async () => {
      assert.equal(await rig.find(Cluster, 'c'), undefined);
      await rig.assertCleanHosts(5);
    });
    assert.deepEqual(watchdog.violations, []);
    assert.deepEqual(doubledWork(rig.rack), [], rig.histories());
  } finally {
    await serving.end('SIGTERM');
  }
  return { kills, seconds: (performance.now() - started) / 1000 };
}
