import type { ErrorEntry } from './entry.ts';

/** Errors of `src/bootstrap`: building and running the local control plane. */
export const bootstrapErrors = {
  INTERRUPTED: {
    message: 'interrupted',
    hint: 'nothing half-made was kept; run the same command again',
    retryable: true,
  },
  PORT_IN_USE: {
    message: 'port {port} on {address} is in use by another program',
    hint: 'stop that program (find it with: ss -ltnp sport = :{port}) or choose another port with {option}',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
