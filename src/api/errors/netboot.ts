import type { ErrorEntry } from './entry.ts';

/** Errors of `src/netboot`: what a machine boots from. */
export const netbootErrors = {
  UDP_PORT_IN_USE: {
    message: '{service} cannot be served: UDP port {port} on {address} is in use by another program',
    hint: 'stop that program (find it with: ss -lnup sport = :{port}) or choose another port with {option}',
    retryable: false,
  },
  NETBOOT_LISTEN_FAILED: {
    message: '{service} cannot be served on UDP port {port} of {address}: {cause}',
    hint: 'ports below 1024 need root or CAP_NET_BIND_SERVICE, and the address must be one of this machine; see {option}',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
