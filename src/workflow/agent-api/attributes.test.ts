import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { AgentAttributes } from '../../api/agent-protocol/workflow.generated.ts';
import { attributesJson } from './attributes.ts';

/** What a Go agent's message becomes after it went over the wire. */
function json(attributes: Partial<AgentAttributes>): unknown {
  const lists = { block: [], network: [], pci: [], gpu: [] };
  const parts = { cpu: undefined, memory: undefined, chassis: undefined, bios: undefined, baseboard: undefined };
  const bytes = AgentAttributes.encode({ ...lists, ...parts, product: undefined, ...attributes }).finish();
  return attributesJson(AgentAttributes.decode(bytes));
}

describe('attributesJson', () => {
  it('has the names of the annotation and leaves out what is empty', () => {
    assert.deepEqual(
      json({
        cpu: {
          totalCores: 8,
          totalThreads: 0,
          processors: [{ id: 0, cores: 8, vendor: 'Intel', capabilities: ['aes'] }],
        },
        memory: { total: '16GB', usable: '' },
        block: [{ name: 'sda', controllerType: 'SCSI', physicalBlockSize: '512B', serialNumber: 'x' }],
        network: [{ name: 'eth0', mac: '02:00:00:00:00:01', enabledCapabilities: ['tso'] }],
        pci: [{ vendor: 'v', class: 'c' }],
        gpu: [{ product: 'p', driver: 'd' }],
        bios: { releaseDate: '2020' },
        product: { serialNumber: 's' },
      }),
      {
        cpu: { totalCores: 8, processors: [{ cores: 8, vendor: 'Intel', capabilities: ['aes'] }] },
        memory: { total: '16GB' },
        blockDevices: [{ name: 'sda', controllerType: 'SCSI', physicalBlockSize: '512B', serialNumber: 'x' }],
        networkInterfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', enabledCapabilities: ['tso'] }],
        pciDevices: [{ vendor: 'v', class: 'c' }],
        gpuDevices: [{ product: 'p', driver: 'd' }],
        bios: { releaseDate: '2020' },
        product: { serialNumber: 's' },
      },
    );
  });

  it('keeps a part that was sent with nothing in it', () => {
    assert.deepEqual(json({ chassis: {} }), { chassis: {} });
    assert.deepEqual(json({}), {});
  });

  it('§9.3 H discovery.go:121: a block device with a size but no name harms nobody', () => {
    assert.deepEqual(json({ block: [{ size: '1TB' }, {}] }), { blockDevices: [{ size: '1TB' }, {}] });
  });
});
