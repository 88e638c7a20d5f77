import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pciNames } from './pci-names.ts';

describe('names of PCI devices', () => {
  const nameOf = pciNames(`# 8086  no vendor
8086  Intel Corporation
\t1533  I210 Gigabit Network Connection
\t\t103c 0003  Ethernet I210-T1 GbE NIC
15b3  Mellanox Technologies
\t1533  another
C 02  Network controller
\t00  Ethernet controller
`);

  it('are those of the vendor and of its own device', () => {
    assert.deepEqual(nameOf('8086', '1533'), {
      vendor: 'Intel Corporation',
      product: 'I210 Gigabit Network Connection',
    });
    assert.deepEqual(nameOf('15b3', '1533'), { vendor: 'Mellanox Technologies', product: 'another' });
  });

  it('are numbers where there is no name', () => {
    assert.deepEqual(nameOf('8086', '0003'), { vendor: 'Intel Corporation', product: '0003' });
    assert.deepEqual(nameOf('103c', '1533'), { vendor: '103c', product: '1533' });
    assert.deepEqual(pciNames('')('8086', '1533'), { vendor: '8086', product: '1533' });
  });
});
