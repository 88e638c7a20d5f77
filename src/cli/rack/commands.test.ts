import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { renderMachines } from './commands.ts';

describe('the table of capt rack list', () => {
  it('has one line a machine, and says <none> for nothing', () => {
    const machine = {
      mac: '02:ca:97:00:00:00',
      power: 'off',
      bmc: { protocol: 'ipmi', host: '127.0.0.1', port: 623 },
    } as const;
    const lines = renderMachines([
      { ...machine, name: 'rack-0', history: [] },
      {
        ...machine,
        bmc: { protocol: 'redfish', host: '192.0.2.101', port: 443 },
        name: 'rack-10',
        power: 'on',
        node: 'rack-10',
        history: ['power on', 'boots the OS'],
      },
    ]);
    assert.deepEqual(lines, [
      'NAME      MAC                 POWER   BMC                   NODE      LAST',
      'rack-0    02:ca:97:00:00:00   off     ipmi:623              <none>    <none>',
      'rack-10   02:ca:97:00:00:00   on      redfish 192.0.2.101   rack-10   boots the OS',
    ]);
  });
});
