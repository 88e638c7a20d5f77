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
  DHCP_INTERFACE_UNUSABLE: {
    message: 'DHCP cannot be bound to the network interface {device}: {cause}',
    hint: 'name an interface that `ip link` shows with --dhcp-bind-interface, or leave it out: the interface with the address of --dhcp-ip-for-packet is then used',
    retryable: false,
  },
  DHCP_OPTIONS_INVALID: {
    message: 'DHCP cannot be served as asked: {problems}',
    hint: 'correct these options; each names what it takes',
    retryable: false,
  },
  BOOT_PROGRAMS_MISSING: {
    message: 'there are no boot programs in {folder}: {cause}',
    hint: 'install the Debian package ipxe, or put programs of your own (undionly.kpxe, ipxe.efi, snp-arm64.efi) into a folder and name it with --ipxe-binary-dir',
    retryable: false,
  },
  BOOT_PROGRAMS_INVALID: {
    message: 'boot programs in {folder} cannot be served: {problems}',
    hint: 'replace or remove these files; machines would hang with them',
    retryable: false,
  },
  EMBEDDED_SCRIPT_TOO_LONG: {
    message: 'the script for --ipxe-embedded-script-patch does not fit: {cause}',
    hint: 'shorten it to {bytes} bytes; one line that chains to a longer script is enough',
    retryable: false,
  },
  ARTIFACTS_UNUSABLE: {
    message: 'files cannot be served from {folder}: {cause}',
    hint: 'name a folder that exists and that this user may read with --artifacts-dir',
    retryable: false,
  },
  PUBLIC_ADDRESS_UNKNOWN: {
    message: 'which address machines reach this one at is unknown: it has no default route over IPv4',
    hint: 'name it with --public-ipv4',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
