/** The network and the machines of the benchmark. */
export const serverAddress = '10.99.0.1';
export const relayAddress = '10.99.0.2';
export const netmask = '255.255.0.0';

export interface PlannedMachine {
  readonly name: string;
  readonly mac: string;
  readonly address: string;
}

/** One reservation each. */
export function machines(count: number): PlannedMachine[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index + 16 * 256;
    const low = [index >> 16, (index >> 8) & 0xff, index & 0xff].map((octet) => octet.toString(16).padStart(2, '0'));
    return {
      name: `node-${index}`,
      mac: `02:be:ac:${low.join(':')}`,
      address: `10.99.${number >> 8}.${number & 0xff}`,
    };
  });
}

/** Options of a UEFI machine that boots over the network, as perfdhcp takes them. */
export const pxeOptions = [
  `60,${Buffer.from('PXEClient:Arch:00007:UNDI:003001').toString('hex')}`,
  '93,0007',
  '94,010301',
  `97,00${'07'.repeat(16)}`,
];
