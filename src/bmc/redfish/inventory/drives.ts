import type { BmcInventory } from '../../port.ts';
import { numberAt, objectsAt, textAt } from '../json.ts';
import { isAbsent, positive } from './processors.ts';

type DriveFacts = BmcInventory['drives'][number];

/** A Drive resource (DSP2046 Drive); `undefined` for an empty bay. */
export function driveFactsOf(json: unknown): DriveFacts | undefined {
  if (isAbsent(json)) return undefined;
  const model = textAt(json, 'Model') ?? textAt(json, 'Name');
  const serialNumber = textAt(json, 'SerialNumber');
  const sizeBytes = positive(numberAt(json, 'CapacityBytes'));
  const rotational = isRotational(json);
  return {
    ...(model === undefined ? {} : { model }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(rotational === undefined ? {} : { rotational }),
  };
}

/** The devices of a SimpleStorage resource (DSP2046 SimpleStorage), which tells less. */
export function simpleDriveFactsOf(json: unknown): DriveFacts[] {
  return objectsAt(json, 'Devices')
    .map(driveFactsOf)
    .filter((facts) => facts !== undefined);
}

function isRotational(json: unknown): boolean | undefined {
  const type = textAt(json, 'MediaType')?.toUpperCase();
  if (type === 'HDD' || type === 'SMR') return true;
  if (type === 'SSD' || type === 'NVME') return false;
  const speed = numberAt(json, 'RotationSpeedRPM');
  return speed === undefined ? undefined : speed > 0;
}
