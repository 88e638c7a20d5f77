import type { ErrorEntry } from './entry.ts';

/** Errors of `src/metadata`. */
export const metadataErrors = {
  METADATA_ADDRESS_SHARED: {
    message: 'no metadata for {address}: it is in Hardware {names}',
    hint: 'let only one of them have the address: nobody can tell whose machine asks (capt hardware list -A shows both)',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
