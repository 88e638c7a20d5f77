import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { driveOf, takesKind } from './drive.ts';

const drive = (json: Record<string, unknown>) => driveOf({ path: '/v/CD', json, etag: undefined }, 'manager');

describe('a virtual drive', () => {
  it('is filled by the standard action where there is one', () => {
    const Actions = {
      '#VirtualMedia.InsertMedia': { target: '/v/CD/insert' },
      '#VirtualMedia.EjectMedia': { target: '/v/CD/eject' },
    };
    const { way } = drive({ Actions });
    assert.deepEqual(way, {
      by: 'action',
      insert: '/v/CD/insert',
      eject: '/v/CD/eject',
      action: Actions['#VirtualMedia.InsertMedia'],
    });
  });

  it('is filled by a vendor’s action below Oem (iLO 4), wherever that is', () => {
    const actions = {
      '#HpiLOVirtualMedia.InsertVirtualMedia': { target: '/v/insert' },
      '#HpiLOVirtualMedia.EjectVirtualMedia': { target: '/v/eject' },
    };
    for (const json of [{ Oem: { Hp: { Actions: actions } } }, { Actions: { Oem: actions } }]) {
      const { way } = drive(json);
      assert.ok(way.by === 'action');
      assert.deepEqual([way.insert, way.eject], ['/v/insert', '/v/eject']);
    }
  });

  it('is changed itself where it has no action (XCC)', () => assert.deepEqual(drive({}).way, { by: 'patch' }));

  it('takes what its MediaTypes say, whatever it is called', () => {
    const stick = drive({ Id: 'CD', MediaTypes: ['USBStick'] });
    assert.equal(takesKind(stick, 'CD'), false);
    assert.equal(takesKind(stick, 'usbstick'), true);
    assert.equal(takesKind(drive({ Id: '2', MediaTypes: ['Cd', 'Dvd'] }), 'CD'), true);
    assert.equal(takesKind(drive({ Id: '2', MediaTypes: ['DVD'] }), 'CD'), true);
    assert.equal(takesKind(drive({ Id: 'CD1' }), 'CD'), true);
    assert.equal(takesKind(drive({ Id: 'X' }), 'CD'), false);
  });

  it('is empty when nothing is connected, whatever else it shows (Supermicro)', () => {
    const leftover = drive({ Image: 'http://a/old.iso', Inserted: true, ConnectedVia: 'NotConnected' });
    assert.deepEqual([leftover.isInserted, leftover.url], [false, undefined]);
    assert.equal(drive({ Image: 'http://a/x.iso' }).url, 'http://a/x.iso');
    assert.equal(drive({ Image: 'http://a/x.iso', Inserted: false }).isInserted, false);
    assert.equal(drive({ Image: null, Inserted: true, ConnectedVia: 'URI' }).isInserted, true);
    assert.equal(drive({ Image: null }).isInserted, false);
  });
});
