import type { CallOptions } from '../port.ts';
import type { RedfishClient } from './client.ts';
import { flagAt, objectsAt, textAt, textsAt } from './json.ts';
import { pathOf } from './link.ts';

/** What a BMC says it takes for `property`, beside the property (DSP0266 §10.10); `undefined` when it says nothing. */
export function allowableValues(resource: unknown, property: string): string[] | undefined {
  const values = textsAt(resource, `${property}@Redfish.AllowableValues`);
  return values.length === 0 ? undefined : values;
}

/** One parameter of an action, as its ActionInfo describes it (DSP2046 ActionInfo). */
export interface ActionParameter {
  name: string;
  required: boolean;
  allowed: readonly string[] | undefined;
}

/** The parameters of an action, from the ActionInfo it links to; none when it links to none, or that is not there. */
export async function actionParameters(
  client: RedfishClient,
  action: unknown,
  call: CallOptions,
): Promise<ActionParameter[]> {
  const path = pathOf(textAt(action, '@Redfish.ActionInfo'));
  if (path === undefined) return [];
  // Without it one has to guess, which is better than not to act. What ails the BMC shows at the next request.
  const info = await client.get(path, call).catch(() => undefined);
  return objectsAt(info?.json, 'Parameters').flatMap((parameter) => {
    const name = textAt(parameter, 'Name');
    const allowed = textsAt(parameter, 'AllowableValues');
    if (name === undefined) return [];
    return [{ name, required: flagAt(parameter, 'Required') ?? false, allowed: allowed.length ? allowed : undefined }];
  });
}
