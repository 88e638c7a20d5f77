import { setTimeout as delay } from 'node:timers/promises';
import { Churn } from './churn.ts';
import { faultDice } from './dice.ts';
import { noFaults } from './fault.ts';
import type { Upstream } from './proxy.ts';
import { Random } from './random.ts';
import { Rig } from './rig.ts';

export interface SeedOptions {
  /** Changes made while faults strike. */
  changes: number;
  /** Kills the API server, which has to come back by itself. */
  killApiServer?: () => void;
}

export interface SeedReport {
  seed: number;
  changes: number;
  faults: Record<string, number>;
  kills: number;
  seconds: number;
}

/**
 * Changes objects at random while connections break at random, then holds the caches and the reconciler's work against
 * the server. Everything random comes from `seed`.
 */
export async function runSeed(seed: number, upstream: Upstream, options: SeedOptions): Promise<SeedReport> {
  const started = performance.now();
  const random = new Random(seed);
  await using rig = await Rig.create(upstream);
  const churn = new Churn(rig.truth, rig.namespace, random);
  for (let i = 0; i < 20; i++) await churn.step();
  rig.proxy.plan = faultDice(new Random(seed ^ 0x5eed));
  rig.mirror.start();
  let kills = 0;
  for (let i = 0; i < options.changes; i++) {
    if (random.chance(0.02)) rig.proxy.cutAll();
    if (options.killApiServer !== undefined && kills < 2 && random.chance(2 / options.changes)) {
      kills += 1;
      options.killApiServer();
    }
    await untilServed(() => churn.step());
    // Gives the faults time to strike between changes; how much does not matter.
    await delay(random.below(30));
  }
  rig.proxy.plan = noFaults;
  await rig.mirror.verify(rig.truth);
  return {
    seed,
    changes: options.changes,
    faults: { ...rig.proxy.struck },
    kills,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Repeats a change while the API server is being restarted. */
async function untilServed(change: () => Promise<void>): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(100);
    }
  }
}
