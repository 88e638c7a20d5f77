import type { Connection } from '../../../api/bmc/v1alpha1/connection.ts';
import { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import type { Secret } from '../../../api/core/secret.ts';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { ObjectName } from '../../../api/meta/object.ts';
import type { Clock } from '../../../api/time/clock.ts';
import type { Client } from '../../../kube/client/client.ts';
import { keyOf } from '../../../kube/client/path.ts';
import type { ReconcileContext, ReconcileResult } from '../../../kube/controller/reconciler.ts';
import type { EventRecorder } from '../../../kube/events/recorder.ts';
import { credentialsOf } from '../../credentials.ts';
import type { BmcAccess, BmcRequest } from '../access/bmc-access.ts';
import { BmcFailure } from '../access/failure.ts';
import { jittered } from '../jitter.ts';
import type { Lookup } from '../lookup.ts';
import type { BmcSettings } from '../settings.ts';
import { writeStatus } from '../status-writer.ts';
import { textOf } from '../text-of.ts';
import { statusAfter } from './contact.ts';
import type { InventoryCollector } from './inventory-collector.ts';

export interface MachineReconcilerParts {
  client: Client;
  machines: Lookup<Machine>;
  secrets: Lookup<Secret>;
  access: BmcAccess;
  inventory: InventoryCollector;
  events: EventRecorder;
  clock: Clock;
  settings: BmcSettings;
}

/** What an interval of 0 means, as in the original. */
const fallbackCheckSeconds = 180;

/** Sees whether a BMC answers and whether its machine has power; only reads. */
export class MachineReconciler {
  readonly #parts: MachineReconcilerParts;

  constructor(parts: MachineReconcilerParts) {
    this.#parts = parts;
  }

  async reconcile(name: ObjectName, { signal }: Pick<ReconcileContext, 'signal'>): Promise<ReconcileResult> {
    const machine = this.#parts.machines.get(name);
    const connection = machine?.spec?.connection;
    if (machine === undefined || connection === undefined) return {};
    if (machine.metadata.deletionTimestamp !== undefined) return {};
    const interval = { requeueAfterSeconds: jittered(this.#checkSeconds, keyOf(name)) };
    let request: Omit<BmcRequest, 'needs'>;
    let seen: Machine;
    try {
      request = { connection, credentials: this.#credentials(machine, connection), purpose: 'poll', signal };
      seen = await this.#readPower(machine, request);
    } catch (error) {
      if (!(error instanceof CaptError) || !error.code.startsWith('BMC_')) throw error;
      await this.#unreadable(machine, error, signal);
      return this.#retry(error) ?? interval;
    }
    await this.#parts.inventory.collect(seen, request);
    return interval;
  }

  #credentials(machine: Machine, connection: Connection) {
    const { secrets, settings } = this.#parts;
    const { namespace = '' } = machine.metadata;
    const owner = { description: `Machine ${keyOf(machine.metadata)}`, namespace };
    return credentialsOf(connection, owner, (name) => secrets.get(name), settings);
  }

  async #readPower(machine: Machine, request: Omit<BmcRequest, 'needs'>): Promise<Machine> {
    const { access, client, clock } = this.#parts;
    const { signal } = request;
    const answer = await access.use({ ...request, needs: 'power' }, (session) => session.powerState({ signal }));
    const contact = { powerState: answer.value, contactable: true, message: answer.note };
    return await writeStatus(client, Machine, machine, statusAfter(machine.status, contact, clock.now()), signal);
  }

  async #unreadable(machine: Machine, error: CaptError, signal: AbortSignal): Promise<void> {
    const { client, clock, events } = this.#parts;
    const message = textOf(error);
    const contact = { powerState: 'unknown', contactable: false, message } as const;
    const written = await writeStatus(
      client,
      Machine,
      machine,
      statusAfter(machine.status, contact, clock.now()),
      signal,
    );
    // The same trouble as before is told by the condition already.
    if (written === machine) return;
    const reason = error.code.startsWith('BMC_SECRET_') ? 'CredentialsUnusable' : 'GetPowerStateFailed';
    events.event(machine, { type: 'Warning', reason, action: 'GetPowerState', note: message });
  }

  #retry(error: CaptError): ReconcileResult | undefined {
    if (!(error instanceof BmcFailure) || error.retryAtMs === undefined) return undefined;
    const seconds = (error.retryAtMs - this.#parts.clock.now()) / 1000;
    return { requeueAfterSeconds: Math.max(0.05, Math.min(seconds, this.#checkSeconds)) };
  }

  get #checkSeconds(): number {
    const { powerCheckSeconds } = this.#parts.settings;
    return powerCheckSeconds > 0 ? powerCheckSeconds : fallbackCheckSeconds;
  }
}
