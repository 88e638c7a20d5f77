import type * as z from 'zod';
import { type Fields, object, type Shape } from '../../schema/object.ts';
import { int32, text } from '../../schema/scalar.ts';

/** Who made a part, and which one it is. */
export const maker = {
  vendor: text('Who made it.'),
  model: text('Model.'),
  serialNumber: text('Serial number.'),
} as const;

/** Health of a part. */
export const componentState = object('Health of the part.', {
  health: text('Verdict of the BMC, such as `OK` or `Critical`.'),
  state: text('Whether it is in use, such as `Enabled`.'),
  postCode: int32('Last code of the power-on self test.'),
  postCodeStatus: text('What that code means.'),
});

const common = {
  ...maker,
  firmwareVersion: text('Version of the firmware.'),
  status: componentState,
} as const;

/** A part with maker, firmware and health, and fields of its own. */
export function component<F extends Fields>(description: string, fields: F): z.ZodObject<Shape<F & typeof common>> {
  return object(description, { ...fields, ...common });
}
