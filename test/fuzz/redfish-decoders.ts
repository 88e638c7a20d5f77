import { differences, overrideOf } from '../../src/bmc/redfish/boot/override.ts';
import { Answer } from '../../src/bmc/redfish/http/answer.ts';
import { driveFactsOf, simpleDriveFactsOf } from '../../src/bmc/redfish/inventory/drives.ts';
import { networkInterfaceOf } from '../../src/bmc/redfish/inventory/network-interfaces.ts';
import { processorOf } from '../../src/bmc/redfish/inventory/processors.ts';
import { objectOf } from '../../src/bmc/redfish/json.ts';
import { linkAt, linksAt } from '../../src/bmc/redfish/link.ts';
import { driveOf, takesKind } from '../../src/bmc/redfish/media/drive.ts';
import { adjustPayload } from '../../src/bmc/redfish/media/insert-payload.ts';
import { messagesOf, textOf } from '../../src/bmc/redfish/message.ts';
import { powerStateOf } from '../../src/bmc/redfish/power/power-state.ts';
import { chooseSystem } from '../../src/bmc/redfish/system-choice.ts';
import { taskOutcomeOf } from '../../src/bmc/redfish/task.ts';
import type { Dice } from '../../src/rack/bmc/dice.ts';
import { anyValue, mutateDocument, pick } from './redfish-mutation.ts';

/** Puts one document through every decoder; they take anything. */
export function decodeEverything(document: unknown): void {
  const json = objectOf(document);
  const resource = { path: '/x', json, etag: undefined };
  messagesOf(document);
  textOf(messagesOf(document));
  powerStateOf(document);
  overrideOf(document);
  overrideOf(json['Boot']);
  differences(document, { BootSourceOverrideTarget: 'Pxe', BootSourceOverrideEnabled: 'Once' });
  takesKind(driveOf(resource, 'system'), 'CD');
  adjustPayload({ Image: 'http://images.invalid/' }, 'http://images.invalid/', messagesOf(document), new Set());
  processorOf(document);
  driveFactsOf(document);
  simpleDriveFactsOf(document);
  networkInterfaceOf(document);
  taskOutcomeOf(document);
  linkAt(document);
  linksAt(document, 'Members');
  chooseSystem([resource, resource], 'x');
}

/** A document, or one of `samples` with changes, as bytes through everything that decodes answers. */
export function decodeRandomDocument(dice: Dice, samples: readonly unknown[]): void {
  const document = dice.chance(0.3) ? anyValue(dice) : mutateDocument(pick(dice, samples), dice);
  const body = Buffer.from(JSON.stringify(document));
  if (dice.chance(0.1)) body[dice.below(body.length)] = dice.below(256);
  const answer = new Answer({ status: 200, headers: { etag: '"1"' }, body }, 2 ** 22);
  decodeEverything(answer.json);
  decodeEverything(document);
}
