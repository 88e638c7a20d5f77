import { CaptError } from '../../api/errors/capt-error.ts';
import { contains, ipv4Number, subnetOf } from '../../inventory/csv/network.ts';

/** What the owner of a rack decides. */
export interface RackWishes {
  /** Machines are called `<name>-0`, `<name>-1`, … */
  name: string;
  machines: number;
  /** Of the services on the network of the machines, with prefix length: `172.31.42.1/24`. */
  address: string;
  /** How many of the machines, the first ones, are labelled `type=cp`; all others are `type=worker`. Default 1. */
  controlPlanes?: number;
  /** Memory of each machine, in MiB; the last number holds for all that follow. Default 2,048, then 1,024. */
  memoryMib?: readonly [number, ...number[]];
  /** `mixed` is BIOS and UEFI by turns. Default `bios`. */
  firmware?: 'bios' | 'uefi' | 'mixed';
  /** Kinds of BMCs, by turns. Default Redfish, then IPMI. */
  protocols?: readonly ['ipmi' | 'redfish', ...('ipmi' | 'redfish')[]];
}

/** A machine as it is known to its network. */
export interface PlannedMachine {
  name: string;
  mac: string;
  address: string;
  bmcAddress: string;
  protocol: 'ipmi' | 'redfish';
  firmware: 'bios' | 'uefi';
  labels: Readonly<Record<string, string>>;
  memoryMib: number;
}

export interface RackPlan {
  /** Of the services, without prefix length; the gateway of the machines. */
  gateway: string;
  netmask: string;
  prefix: number;
  machines: readonly PlannedMachine[];
}

/** The longest prefix with room for all. */
const longestPrefix = 24;
const shortestPrefix = 8;
/** Where the addresses of machines and of BMCs begin in the network; what is before them is for services. */
const firstMachine = 11;
const firstBmc = 101;

/** No rack has more. */
export const mostMachines = firstBmc - firstMachine - 10;

/**
 * Names, addresses and sizes of the machines: the same wishes give the same plan.
 * @throws CaptError RACK_ADDRESS_UNFIT
 */
export function planRack(wishes: RackWishes): RackPlan {
  const { name, machines: count, address, controlPlanes = 1, firmware = 'bios' } = wishes;
  const { memoryMib = [2048, 1024], protocols = ['redfish', 'ipmi'] } = wishes;
  if (count > mostMachines) throw new RangeError(`a rack of machines in QEMU holds at most ${mostMachines}`);
  const { gateway, prefix, first } = networkOf(address);
  const machine = (index: number): PlannedMachine => {
    const number = first + firstMachine + index;
    return {
      name: `${name}-${index}`,
      mac: macOf(number),
      address: text(number),
      bmcAddress: text(first + firstBmc + index),
      protocol: turn(protocols, index),
      firmware: firmware === 'mixed' ? turn(['bios', 'uefi'], index) : firmware,
      labels: { type: index < controlPlanes ? 'cp' : 'worker' },
      memoryMib: memoryMib[Math.min(index, memoryMib.length - 1)] ?? memoryMib[0],
    };
  };
  return {
    gateway,
    netmask: text(2 ** 32 - 2 ** (32 - prefix)),
    prefix,
    machines: Array.from({ length: count }, (_, index) => machine(index)),
  };
}

function networkOf(address: string): { gateway: string; prefix: number; first: number } {
  const unfit = (cause: string) => new CaptError('RACK_ADDRESS_UNFIT', { address, cause });
  const [gateway = '', length = '', more] = address.split('/');
  const number = ipv4Number(gateway);
  if (number === undefined || !/^\d{1,2}$/.test(length) || more !== undefined) {
    throw unfit('it is no IPv4 address with a prefix length');
  }
  const prefix = Number(length);
  if (prefix < shortestPrefix || prefix > longestPrefix) {
    throw unfit(`the prefix length must be from ${shortestPrefix} to ${longestPrefix}`);
  }
  const { first } = subnetOf(number, prefix);
  const forServices = { text: '', prefix, first: first + 1, last: first + firstMachine - 1 };
  if (!contains(forServices, number)) {
    throw unfit(`from ${text(first + firstMachine)} on, addresses are for machines and BMCs`);
  }
  return { gateway, prefix, first };
}

function turn<T>(values: readonly [T, ...T[]], index: number): T {
  return values[index % values.length] ?? values[0];
}

/** Locally administered; as unique as the address. */
function macOf(address: number): string {
  return `02:ca:${address.toString(16).padStart(8, '0').match(/../g)?.join(':')}`;
}

function text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) & 255).join('.');
}
