import type { CallOptions } from '../../port.ts';
import { actionParameters, allowableValues } from '../allowable.ts';
import type { RedfishClient, Resource } from '../client.ts';
import { at, textAt } from '../json.ts';
import { pathOf } from '../link.ts';

/** How to reset a system. */
export interface ResetAction {
  target: string;
  /** The `ResetType`s that the BMC takes; `undefined` when it does not say. */
  allowed: readonly string[] | undefined;
}

/** The action of the system, with the types that it allows: beside it, or in its ActionInfo. */
export async function resetActionOf(
  client: RedfishClient,
  system: Resource,
  call: CallOptions,
): Promise<ResetAction | undefined> {
  const action = at(system.json, 'Actions', '#ComputerSystem.Reset');
  const target = pathOf(textAt(action, 'target'));
  if (target === undefined) return undefined;
  const beside = allowableValues(action, 'ResetType');
  if (beside !== undefined) return { target, allowed: beside };
  const parameters = await actionParameters(client, action, call);
  return { target, allowed: parameters.find(({ name }) => name === 'ResetType')?.allowed };
}
