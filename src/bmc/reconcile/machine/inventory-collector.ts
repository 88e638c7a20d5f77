import { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import { CaptError } from '../../../api/errors/capt-error.ts';
import type { Clock } from '../../../api/time/clock.ts';
import { timestamp } from '../../../api/time/timestamp.ts';
import { Hardware } from '../../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Client } from '../../../kube/client/client.ts';
import { keyOf } from '../../../kube/client/path.ts';
import type { EventRecorder } from '../../../kube/events/recorder.ts';
import type { BmcAccess, BmcRequest } from '../access/bmc-access.ts';
import type { BmcSettings } from '../settings.ts';
import { writeAnnotation } from '../status-writer.ts';
import { textOf } from '../text-of.ts';
import { attributesAfter } from './attributes.ts';
import { decideInventory, isRefreshWanted, refreshAnnotation } from './inventory-decision.ts';

const fieldManager = 'machine-controller';

export interface InventoryCollectorParts {
  client: Client;
  /** The Hardware whose BMC is the Machine of that key. */
  linked(machineKey: string): Hardware[];
  access: BmcAccess;
  events: EventRecorder;
  clock: Clock;
  settings: BmcSettings;
}

/** Writes what a BMC tells of its machine into the status of the Hardware, now and then. */
export class InventoryCollector {
  readonly #parts: InventoryCollectorParts;

  constructor(parts: InventoryCollectorParts) {
    this.#parts = parts;
  }

  /** Reads the inventory if it is due. A BMC that does not tell it is an event, and no failure. */
  async collect(machine: Machine, request: Omit<BmcRequest, 'needs'>): Promise<void> {
    const { clock, settings, linked } = this.#parts;
    const decision = decideInventory(machine, linked(keyOf(machine.metadata)), clock.now(), settings);
    if (decision.step === 'ambiguous') {
      this.#warn(machine, 'HardwareAmbiguous', `several Hardware name this BMC: ${decision.names.join(', ')}`);
    }
    if (decision.step !== 'collect') return;
    try {
      await this.#collect(decision.hardware, request);
    } catch (error) {
      if (!(error instanceof CaptError) || !error.code.startsWith('BMC_')) throw error;
      this.#warn(machine, 'InventoryUnreachable', textOf(error));
      return;
    }
    if (!isRefreshWanted(machine)) return;
    const annotation = { key: refreshAnnotation, value: null };
    await writeAnnotation(this.#parts.client, Machine, machine, annotation, request.signal);
  }

  async #collect(hardware: Hardware, request: Omit<BmcRequest, 'needs'>): Promise<void> {
    const { access, client, clock } = this.#parts;
    const { signal } = request;
    const answer = await access.use({ ...request, needs: 'inventory' }, (session) => session.inventory({ signal }));
    const before = hardware.status?.attributes?.outOfBand;
    const outOfBand = attributesAfter(before, answer.value, answer.provider, timestamp(clock.now()));
    const { namespace = '', name = '' } = hardware.metadata;
    const object = { metadata: { namespace, name }, status: { attributes: { outOfBand } } };
    await client.apply(Hardware, object, { fieldManager, force: true, subresource: 'status', signal });
  }

  #warn(machine: Machine, reason: string, note: string): void {
    this.#parts.events.event(machine, { type: 'Warning', reason, action: 'CollectInventory', note });
  }
}
