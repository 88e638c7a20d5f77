import type { Machine } from '../../api/capi/v1beta2/machine.ts';
import { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { ObjectName } from '../../api/meta/object.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import { quarantineLabel } from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { keyOf } from '../../kube/client/path.ts';
import { Controller } from '../../kube/controller/controller.ts';
import type { ReconcileContext, ReconcileResult } from '../../kube/controller/reconciler.ts';
import { toOwner, watch } from '../../kube/controller/watch-source.ts';
import type { EventRecorder } from '../../kube/events/recorder.ts';
import type { Manager } from '../../kube/manager/manager.ts';
import { mergePatch } from '../../kube/objects/merge-patch.ts';
import { namesOf } from '../../kube/objects/name-of.ts';
import { KeyedMutex } from '../../kube/queue/keyed-mutex.ts';
import { infrastructureGroup } from '../names.ts';
import { defaultOptions, type ProvisionOptions } from '../options.ts';
import type { TemplateSource } from '../os-template/template-source.ts';
import { ownerOf } from '../owner.ts';
import { decide } from './decide.ts';
import type { Facts } from './facts.ts';
import { type CacheScope, type MachineCaches, machineCaches, toMachine } from './machine-caches.ts';
import { observe } from './observe.ts';
import { type Performer, perform } from './perform.ts';
import { statusOf } from './status.ts';
import { StatusNews } from './status-news.ts';
import type { Rest } from './step.ts';

export interface MachineControllerOptions extends CacheScope, Partial<ProvisionOptions> {
  templateFor: TemplateSource;
  events: EventRecorder;
  /** Of Tinkerbell's objects, where these are in another cluster. Default: `events`. */
  tinkerbellEvents?: EventRecorder;
  /** Machines worked on at the same time. Default 10. */
  concurrency?: number;
  clock?: Clock;
}

/** More steps in a row than any machine needs; a bound in case two steps ever undo each other. */
const maxSteps = 40;

/** Adds the controller that gives TinkerbellMachines a host and takes it back. */
export function addMachineController(manager: Manager, options: MachineControllerOptions): void {
  manager.add(({ client }) => {
    const caches = machineCaches(manager, options);
    const { tinkerbell } = options;
    const there = tinkerbell === undefined ? client : manager.leading(tinkerbell.client);
    const reconciler = new MachineReconciler({ client, tinkerbell: there }, caches, options);
    return new Controller({
      name: 'tinkerbellmachine',
      concurrency: options.concurrency ?? 10,
      reconcile: (name, context) => reconciler.reconcile(name, context),
      watches: watchesOf(caches),
    });
  });
}

function watchesOf(caches: MachineCaches) {
  const { machines, hardware } = caches;
  const waiting = () => namesOf(machines.byIndex('waiting', ''));
  const ofCluster = (key: string) => namesOf(machines.byIndex('byCluster', key));
  return [
    watch(machines),
    watch(caches.owners, { map: infrastructureOf }),
    watch(caches.clusters, { map: ({ metadata }) => ofCluster(keyOf(metadata)) }),
    watch(caches.infrastructure, {
      map: (object) => toOwnersCluster(object).flatMap((name) => ofCluster(keyOf(name))),
    }),
    watch(hardware, { map: (object) => [...holder(object), ...(isFree(object) ? waiting() : [])] }),
    // A BMC that answers may make its host eligible; one that does not is told by the machine that waits for it.
    watch(caches.bmcs, {
      map: ({ metadata, status }) => {
        const affected = hardware.byIndex('byBmc', keyOf(metadata));
        const contactable = status?.conditions?.some(({ type, status }) => type === 'Contactable' && status === 'True');
        return [...affected.flatMap(holder), ...(contactable && affected.some(isFree) ? waiting() : [])];
      },
    }),
    watch(caches.jobs, { map: toMachine }),
    watch(caches.templates, { map: toMachine }),
    watch(caches.workflows, { map: toMachine }),
  ];
}

/** Observe, decide, act, until there is nothing to do but wait; then say how things stand. */
class MachineReconciler {
  readonly #client: Client;
  readonly #caches: MachineCaches;
  readonly #events: EventRecorder;
  readonly #tinkerbell: Performer['tinkerbell'];
  readonly #elsewhere: boolean;
  readonly #templateFor: TemplateSource;
  readonly #options: ProvisionOptions;
  readonly #clock: Clock;
  readonly #claims = new KeyedMutex();
  readonly #news: StatusNews;

  constructor(
    { client, tinkerbell }: { client: Client; tinkerbell: Client },
    caches: MachineCaches,
    options: MachineControllerOptions,
  ) {
    this.#client = client;
    this.#caches = caches;
    this.#events = options.events;
    this.#tinkerbell = { client: tinkerbell, events: options.tinkerbellEvents ?? options.events };
    this.#elsewhere = options.tinkerbell !== undefined;
    this.#templateFor = options.templateFor;
    this.#options = { ...defaultOptions, ...definedOnly(options) };
    this.#clock = options.clock ?? systemClock;
    this.#news = new StatusNews(this.#options);
  }

  async reconcile(name: ObjectName, { signal }: ReconcileContext): Promise<ReconcileResult | undefined> {
    const observeNow = () => this.#observe(name);
    const by = {
      client: this.#client,
      events: this.#events,
      tinkerbell: this.#tinkerbell,
      claiming: <T>(work: () => Promise<T>) => this.#claims.run('', work),
      observe: observeNow,
    };
    for (let steps = 0; steps < maxSteps; steps++) {
      const facts = observeNow();
      if (facts === undefined) {
        this.#news.forget(keyOf(name));
        return undefined;
      }
      const step = decide(facts);
      if (step === undefined) return undefined;
      const rest = await perform(by, facts, step, signal);
      if (rest !== undefined) return this.#rest(name, rest, signal);
    }
    throw new Error(`TinkerbellMachine ${keyOf(name)} took ${maxSteps} steps without coming to rest`);
  }

  #observe(name: ObjectName): Facts | undefined {
    const machine = this.#caches.machines.get(name);
    if (machine === undefined) return undefined;
    return observe(this.#caches, machine, {
      options: this.#options,
      templateFor: this.#templateFor,
      elsewhere: this.#elsewhere,
      nowMs: this.#clock.now(),
    });
  }

  async #rest(name: ObjectName, rest: Rest, signal: AbortSignal): Promise<ReconcileResult> {
    const nowMs = this.#clock.now();
    const { resyncSeconds } = this.#options;
    const dueSeconds = rest.untilMs === undefined ? resyncSeconds : Math.max((rest.untilMs - nowMs) / 1000, 0.05);
    const heldBackSeconds = await this.#writeStatus(name, rest, nowMs, signal);
    return { requeueAfterSeconds: Math.min(dueSeconds, resyncSeconds, heldBackSeconds ?? resyncSeconds) };
  }

  /** @returns in how many seconds to come back when what has changed can wait */
  async #writeStatus(name: ObjectName, rest: Rest, nowMs: number, signal: AbortSignal): Promise<number | undefined> {
    const machine = this.#caches.machines.get(name);
    if (machine === undefined) return undefined;
    const status = statusOf(machine, rest, nowMs);
    const key = keyOf(name);
    const change = mergePatch({ status: machine.status ?? {} }, { status });
    const heldBackSeconds = this.#news.heldBackSeconds(key, machine.status, status, this.#clock.monotonic());
    if (change === undefined) return undefined;
    if (heldBackSeconds > 0) return heldBackSeconds;
    const { uid } = machine.metadata;
    try {
      await this.#client.mergePatch(
        TinkerbellMachine,
        name,
        { ...change, metadata: { uid } },
        { subresource: 'status', signal },
      );
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
    this.#news.told(key, this.#clock.monotonic());
    return undefined;
  }
}

/** The TinkerbellMachine that a Machine is made on. */
function infrastructureOf({ metadata, spec }: Machine): ObjectName[] {
  const { apiGroup, kind, name } = spec?.infrastructureRef ?? {};
  if (apiGroup !== infrastructureGroup || kind !== TinkerbellMachine.kind || name === undefined) return [];
  return [metadata.namespace ? { namespace: metadata.namespace, name } : { name }];
}

const toOwnersCluster = toOwner({
  group: 'cluster.x-k8s.io',
  version: '',
  kind: 'Cluster',
  plural: 'clusters',
  namespaced: true,
});

function holder(hardware: Hardware): ObjectName[] {
  const owner = ownerOf(hardware);
  return owner === undefined ? [] : [owner];
}

function isFree(hardware: Hardware): boolean {
  const { labels, deletionTimestamp } = hardware.metadata;
  return ownerOf(hardware) === undefined && deletionTimestamp === undefined && labels?.[quarantineLabel] === undefined;
}

function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
