import type * as z from 'zod';
import { map } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { choice, quantity } from '../../schema/scalar.ts';

/** What Hardware must be like to become a machine; looked up in what is known of it. Not in the original. */
export const hardwareRequirements = object('What the Hardware must be like. Not in CAPT.', {
  architecture: choice('Architecture of the processor.', ['amd64', 'arm64']),
  minimum: map(
    'Least sizes: `cpu` in threads, `memory` and `storage` (all disks) in bytes, or any other name in `spec.resources` of the Hardware. Looked up there first, then in what its agent and its BMC told.',
    quantity('A Kubernetes quantity.'),
  ),
});

export type HardwareRequirements = z.infer<typeof hardwareRequirements>;
