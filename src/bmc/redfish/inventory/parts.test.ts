import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { driveFactsOf, simpleDriveFactsOf } from './drives.ts';
import { networkInterfaceOf } from './network-interfaces.ts';
import { processorOf } from './processors.ts';

describe('parts of the inventory', () => {
  it('are processors that are there and are CPUs', () => {
    assert.deepEqual(processorOf({ ProcessorType: 'CPU', Model: 'X', TotalCores: 8, TotalThreads: '16' }), {
      model: 'X',
      cores: 8,
      threads: 16,
    });
    assert.deepEqual(processorOf({ Model: null, TotalCores: 0 }), {});
    assert.equal(processorOf({ ProcessorType: 'GPU' }), undefined);
    assert.equal(processorOf({ Status: { State: 'Absent' } }), undefined);
  });

  it('are drives, turning or not', () => {
    assert.deepEqual(driveFactsOf({ Model: 'M', SerialNumber: 'S', CapacityBytes: 1e12, MediaType: 'HDD' }), {
      model: 'M',
      serialNumber: 'S',
      sizeBytes: 1e12,
      rotational: true,
    });
    assert.equal(driveFactsOf({ MediaType: 'SSD' })?.rotational, false);
    assert.equal(driveFactsOf({ RotationSpeedRPM: 7200 })?.rotational, true);
    assert.equal(driveFactsOf({})?.rotational, undefined);
    assert.deepEqual(simpleDriveFactsOf({ Devices: [{ Name: 'A' }, 7, { Status: { State: 'Absent' } }] }), [
      { model: 'A' },
    ]);
  });

  it('are network interfaces, the address as it was made', () => {
    assert.deepEqual(
      networkInterfaceOf({
        Id: 'NIC1',
        MACAddress: '02-00-00-00-00-01',
        PermanentMACAddress: 'AA:BB:CC:DD:EE:FF',
        LinkStatus: 'LinkUp',
      }),
      { name: 'NIC1', macAddress: 'aa:bb:cc:dd:ee:ff', linkUp: true },
    );
    assert.equal(networkInterfaceOf({ MACAddress: '020000000001' }).macAddress, '02:00:00:00:00:01');
    assert.equal(networkInterfaceOf({ MACAddress: '00:00:00:00:00:00' }).macAddress, undefined);
    assert.deepEqual(networkInterfaceOf({ MACAddress: 'N/A', LinkStatus: 'constructor' }), {});
  });
});
