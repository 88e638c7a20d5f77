import type * as z from 'zod';
import { object } from '../../schema/object.ts';
import { choice } from '../../schema/scalar.ts';

/** What happens to the Hardware when its machine goes. Not in the original. */
export const releasePolicy = object('What happens to the Hardware when the machine goes. Not in CAPT.', {
  wipe: choice(
    'What is wiped from its disks: `None`, `Quick` (partition tables and signatures) or `Full` (everything). Absent: what the controller was told, `Quick` by default, where the Hardware can boot the installer.',
    ['None', 'Quick', 'Full'],
  ),
});

export type ReleasePolicy = z.infer<typeof releasePolicy>;
