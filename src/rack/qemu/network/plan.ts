export interface NetworkPlanOptions {
  /** Of the namespace. */
  name: string;
  /** Address of the services on the bridge, with prefix length: `192.0.2.1/24`. */
  address: string;
  taps: readonly string[];
  /** More addresses on the bridge, without prefix length: those of BMCs. */
  addresses?: readonly string[];
  /** Whose network is given the name, by pid; a new one otherwise. */
  of?: number;
}

/** The bridge that all machines of a rack are plugged into. */
export const bridge = 'rack0';

/**
 * The commands of `ip` (iproute2) that build the network of a rack. Everything is made inside the namespace: whatever
 * happens, nothing of it is ever seen outside, and all of it goes when the namespace does.
 */
export function networkCommands({ name, address, taps, addresses = [], of }: NetworkPlanOptions): string[][] {
  const inside = ['-n', name];
  return [
    of === undefined ? ['netns', 'add', name] : ['netns', 'attach', name, String(of)],
    [...inside, 'link', 'set', 'lo', 'up'],
    // No spanning tree: ports would be deaf for half a minute, longer than firmware asks for an address.
    [...inside, 'link', 'add', bridge, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0'],
    [...inside, 'address', 'add', address, 'dev', bridge],
    ...addresses.map((more) => [...inside, 'address', 'add', `${more}/32`, 'dev', bridge]),
    [...inside, 'link', 'set', bridge, 'up'],
    ...taps.flatMap((tap) => [
      [...inside, 'tuntap', 'add', 'dev', tap, 'mode', 'tap'],
      [...inside, 'link', 'set', tap, 'master', bridge],
      [...inside, 'link', 'set', tap, 'up'],
    ]),
  ];
}
