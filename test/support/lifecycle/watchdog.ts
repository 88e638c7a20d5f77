import { TinkerbellMachine } from '../../../src/api/infrastructure/v1beta1/tinkerbell-machine.ts';
import { Hardware } from '../../../src/api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../../src/kube/client/client.ts';
import type { SimulatedRack } from '../../../src/rack/simulated/rack.ts';
import { onMachineEvent } from '../../../src/rack/telemetry.ts';

const ownerNameLabel = 'v1alpha1.tinkerbell.org/ownerName';

/**
 * Looks on while a cluster lives, whatever dies meanwhile: nobody takes the power from a host that is live, and no two
 * machines have one host.
 */
export class Watchdog implements AsyncDisposable {
  readonly violations: string[] = [];
  readonly #client: Client;
  readonly #namespace: string;
  readonly #live = new Set<string>();
  readonly #checks = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #polling: Promise<void>;

  constructor(client: Client, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
    this.#unsubscribe = onMachineEvent(({ machine, what }) => {
      if (!machine.startsWith(`${namespace}-`)) return;
      if (/^node .* is ready$/.test(what)) this.#live.add(machine);
      if (what.startsWith('power ') && this.#live.delete(machine)) this.#track(this.#explainPower(machine, what));
    });
    this.#polling = this.#poll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    this.#stop.abort();
    await this.#polling;
    await Promise.all(this.#checks);
  }

  /** A live host loses its power only when its machine is being deleted, or has given it back by now. */
  async #explainPower(machine: string, what: string): Promise<void> {
    const hardware = await this.#client.get(Hardware, { namespace: this.#namespace, name: machine });
    const owner = hardware.metadata.labels?.[ownerNameLabel];
    if (owner === undefined) return;
    const holder = await this.#client.find(TinkerbellMachine, { namespace: this.#namespace, name: owner });
    if (holder !== undefined && holder.metadata.deletionTimestamp === undefined) {
      this.violations.push(`live host ${machine} of ${owner}: ${what}`);
    }
  }

  async #poll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { items } = await this.#client.list(TinkerbellMachine, { namespace: this.#namespace });
      const hosts = new Map<string, string>();
      for (const { metadata, spec } of items) {
        if (spec?.hardwareName === undefined || metadata.deletionTimestamp !== undefined) continue;
        const other = hosts.get(spec.hardwareName);
        if (other !== undefined) this.violations.push(`${spec.hardwareName} has ${other} and ${metadata.name}`);
        hosts.set(spec.hardwareName, metadata.name ?? '');
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  #track(check: Promise<void>): void {
    const tracked = check
      .catch((error) => void this.violations.push(String(error)))
      .finally(() => this.#checks.delete(tracked));
    this.#checks.add(tracked);
  }
}

/** What must hold of every machine in the end: no action done twice, one boot for each workflow. */
export function doubledWork(rack: SimulatedRack): string[] {
  return rack.machines.flatMap(({ name, history, chassis }) => {
    const actions = history.flatMap((what) => /^action (.*): (SUCCESS|FAILED)$/.exec(what)?.[1] ?? []);
    const doubled = actions.filter((action, index) => actions.indexOf(action) !== index);
    const workflows = new Set(actions.map((action) => action.split(' of ').at(-1)));
    const boots = chassis.boots.length;
    return [
      ...doubled.map((action) => `${name}: ${action} was done twice`),
      ...(boots === workflows.size ? [] : [`${name}: ${boots} boots for ${[...workflows].join(', ')}`]),
    ];
  });
}
