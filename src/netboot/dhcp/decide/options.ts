import type { Ipv4 } from '../codec/ipv4.ts';
import type { NetbootSettings } from './boot-file.ts';

/** How the server deals with who asks. `auto-proxy` of the original is not there yet. */
export type DhcpMode =
  /** Addresses and boot files for machines with a Hardware. */
  | 'reservation'
  /** Boot files only: another server gives the addresses. */
  | 'proxy';

/** What decisions depend on besides the packet and the Hardware. */
export interface DecideOptions {
  readonly mode: DhcpMode;
  /** Our address as clients know it: option 54. */
  readonly serverAddress: Ipv4;
  /** Option 7. */
  readonly syslogAddress?: Ipv4;
  /** Absent: nobody is told what to boot. */
  readonly netboot?: NetbootSettings;
}
