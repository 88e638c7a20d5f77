import assert from 'node:assert/strict';
import { Cluster } from '../../src/api/capi/v1beta2/cluster.ts';
import { LifecycleRig } from '../support/lifecycle/lifecycle-rig.ts';
import { doubledWork, Watchdog } from '../support/lifecycle/watchdog.ts';
import { whileProgressing } from './progressing.ts';

export interface ClaimReport {
  /** From the first object to all Machines Running. */
  upSeconds: number;
  /** From the deletion of the Cluster to clean hosts. */
  downSeconds: number;
}

/**
 * So many machines on exactly so many hosts. Cluster API gives all workers their bootstrap data at one instant, so all
 * hosts but one are claimed together. The original gave a fifth of the hosts to two machines, and a third of the machines
 * never came up.
 */
export async function claimAll(machines: number): Promise<ClaimReport> {
  const timeoutSeconds = 60 + machines * 15;
  await using rig = await LifecycleRig.create('claims', { machines, workers: machines - 1 });
  await rig.startServices();
  await using watchdog = new Watchdog(rig.client, rig.namespace);
  const startedMs = performance.now();
  await rig.createCluster();
  await rig.untilRunning(machines, timeoutSeconds);
  const upMs = performance.now();
  await rig.delete(Cluster, rig.shape.name);
  const gone = async () => {
    assert.equal(await rig.find(Cluster, rig.shape.name), undefined);
    await rig.assertCleanHosts(machines);
  };
  // Looking at many costs what they need themselves.
  const everySeconds = machines / 50;
  await whileProgressing(gone, () => rig.movement(), {
    stalledSeconds: 240,
    mostSeconds: timeoutSeconds,
    everySeconds,
  });
  const downMs = performance.now();
  assert.deepEqual(watchdog.violations, []);
  assert.deepEqual(doubledWork(rig.rack), []);
  return { upSeconds: (upMs - startedMs) / 1000, downSeconds: (downMs - upMs) / 1000 };
}
