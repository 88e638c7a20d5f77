import type { Machine } from '../../../api/bmc/v1alpha1/machine.ts';
import { timestamp } from '../../../api/time/timestamp.ts';
import type { PowerState } from '../../port.ts';

type MachineStatus = NonNullable<Machine['status']>;

/** What came of asking a BMC. */
export interface Contact {
  powerState: PowerState;
  contactable: boolean;
  message: string;
}

/** The status after a contact; the time moves only when `Contactable` flips. Pure. */
export function statusAfter(status: MachineStatus | undefined, contact: Contact, nowMs: number): MachineStatus {
  const conditions = status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === 'Contactable');
  const holding = contact.contactable ? 'True' : 'False';
  const lastUpdateTime = old?.status === holding ? (old.lastUpdateTime ?? timestamp(nowMs)) : timestamp(nowMs);
  const next = { type: 'Contactable', status: holding, lastUpdateTime, message: contact.message };
  const index = old === undefined ? conditions.length : conditions.indexOf(old);
  return {
    ...status,
    powerState: contact.powerState,
    conditions: [...conditions.slice(0, index), next, ...conditions.slice(index + 1)],
  };
}
