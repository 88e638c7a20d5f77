import type { ErrorEntry } from './entry.ts';

/** Errors of `src/inventory` and of `capt hardware`. */
export const inventoryErrors = {
  INVENTORY_UNREADABLE: {
    message: 'cannot read {path}: {cause}',
    hint: 'check that the file exists and may be read',
    retryable: false,
  },
  INVENTORY_INVALID: {
    message: '{path} has {count}, nothing was written:\n{problems}',
    hint: 'correct the file and import it again',
    retryable: false,
  },
  INVENTORY_INCOMPLETE: {
    message: '{count} of {path} could not be written:\n{causes}',
    hint: 'remove the cause and import the file again: what is written stays as it is',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
