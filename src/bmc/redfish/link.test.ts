import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { linkAt, linksAt, pathOf } from './link.ts';

describe('links', () => {
  const table: [string | undefined, string | undefined][] = [
    ['/redfish/v1/Systems/1', '/redfish/v1/Systems/1'],
    ['/redfish/v1/Systems/1/', '/redfish/v1/Systems/1/'],
    ['https://bmc.example/redfish/v1/Sessions/7', '/redfish/v1/Sessions/7'],
    ['//elsewhere/redfish/v1/', '/redfish/v1/'],
    ['/redfish/v1/Chassis/1/Power#/PowerControl/0', '/redfish/v1/Chassis/1/Power'],
    ['/redfish/v1/Systems?$skip=50', '/redfish/v1/Systems?$skip=50'],
    ['redfish/v1/Systems', '/redfish/v1/Systems'],
    ['/a b\r\nHost: x', '/a%20bHost:%20x'],
    ['javascript:alert(1)', undefined],
    ['http://[', undefined],
    [`/${'x'.repeat(3000)}`, undefined],
    [undefined, undefined],
  ];
  for (const [link, path] of table) {
    it(`reads ${JSON.stringify(link?.slice(0, 60))} as a path of this BMC`, () => assert.equal(pathOf(link), path));
  }

  it('come one by one or in lists, each place once', () => {
    assert.equal(linkAt({ Systems: { '@odata.id': '/s' } }, 'Systems'), '/s');
    assert.equal(linkAt({ Systems: '/s' }, 'Systems'), undefined);
    const members = { Members: [{ '@odata.id': '/1' }, { '@odata.id': '/2' }, { '@odata.id': '/1' }, null, 'x'] };
    assert.deepEqual(linksAt(members, 'Members'), ['/1', '/2']);
  });

  it('are paths that can be sent, whatever a BMC writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (link) => {
        const path = pathOf(link);
        assert.ok(path === undefined || /^\/[\x21-\x7e]*$/.test(path), path);
      }),
    );
  });
});
