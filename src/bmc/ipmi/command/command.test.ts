import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Malformed } from '../codec/reader.ts';
import { decodeBootFlags, encodeBootFlags } from './boot-flags.ts';
import {
  acknowledgeBootInfo,
  encodeBootOption,
  getBootFlags,
  setBootFlags,
  setValidBitClearing,
} from './boot-options.ts';
import { decodeChannelAuthentication, encodeChannelAuthentication, getChannelAuthentication } from './channel.ts';
import { chassisControl, decodeChassisControl, decodeChassisStatus, encodeChassisStatus } from './chassis.ts';
import { describeCompletion } from './completion.ts';
import { decodeDeviceId, encodeDeviceId } from './device-id.ts';
import { readFru } from './fru-data.ts';
import { closeSession, setSessionPrivilege } from './session.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('commands of IPMI', () => {
  it('are the bytes that the specification, and ipmitool, want', () => {
    const table: [{ netFn: number; code: number; data: Buffer }, string][] = [
      [getChannelAuthentication(4), '06 38 8e 04'],
      [setSessionPrivilege(4), '06 3b 04'],
      [closeSession(0x01020304), '06 3c 04 03 02 01'],
      [chassisControl('off'), '00 02 00'],
      [chassisControl('on'), '00 02 01'],
      [chassisControl('cycle'), '00 02 02'],
      [chassisControl('reset'), '00 02 03'],
      [chassisControl('nmi'), '00 02 04'],
      [chassisControl('soft'), '00 02 05'],
      [setValidBitClearing(0x08), '00 08 03 08'],
      [acknowledgeBootInfo(), '00 08 04 01 01'],
      [setBootFlags({ device: 'pxe', efiBoot: true, persistent: false }), '00 08 05 a0 04 00 00 00'],
      [setBootFlags({ device: 'pxe', efiBoot: false, persistent: false }), '00 08 05 80 04 00 00 00'],
      [setBootFlags({ device: 'disk', efiBoot: true, persistent: true }), '00 08 05 e0 08 00 00 00'],
      [setBootFlags({ device: 'safe', efiBoot: false, persistent: false }), '00 08 05 80 0c 00 00 00'],
      [setBootFlags({ device: 'cdrom', efiBoot: false, persistent: true }), '00 08 05 c0 14 00 00 00'],
      [setBootFlags({ device: 'bios', efiBoot: true, persistent: false }), '00 08 05 a0 18 00 00 00'],
      [setBootFlags(undefined), '00 08 05 00 00 00 00 00'],
      [getBootFlags, '00 09 05 00 00'],
      [readFru(0x1234, 0x20), '0a 11 00 34 12 20'],
    ];
    for (const [{ netFn, code, data }, expected] of table) {
      assert.equal(Buffer.concat([Buffer.of(netFn, code), data]).toString('hex'), hex(expected).toString('hex'));
    }
  });

  it('know a boot override from their flags', () => {
    const pxe = { device: 'pxe', efiBoot: true, persistent: false } as const;
    assert.deepEqual(getBootFlags.parse(encodeBootOption(5, encodeBootFlags(pxe))), { active: true, ...pxe });
    assert.deepEqual(decodeBootFlags(hex('2004000000')), { active: false }, 'the valid bit is what counts');
    assert.deepEqual(decodeBootFlags(hex('0004000000')), { active: false, device: 'pxe' }, 'a BMC that keeps no flags');
    assert.deepEqual(decodeBootFlags(hex('8000000000')), { active: false }, 'no device is no override');
    assert.deepEqual(decodeBootFlags(hex('8020000000')).device, 'cdrom', 'a remote CD is one');
    assert.deepEqual(decodeBootFlags(hex('802c000000')).device, 'disk', 'a remote disk is one');
    assert.deepEqual(decodeBootFlags(hex('c03c000000')), { active: true, efiBoot: false, persistent: true });
    fc.assert(
      fc.property(
        fc.record({
          device: fc.constantFrom('pxe' as const, 'disk', 'cdrom', 'bios', 'safe'),
          efiBoot: fc.boolean(),
          persistent: fc.boolean(),
        }),
        (override) => assert.deepEqual(decodeBootFlags(encodeBootFlags(override)), { active: true, ...override }),
      ),
    );
  });

  it('read what they wrote', () => {
    for (const powerOn of [true, false]) {
      const status = { powerOn, powerFault: !powerOn };
      assert.deepEqual(decodeChassisStatus(encodeChassisStatus(status)), status);
      const capabilities = { v20: powerOn, needsBmcKey: powerOn };
      assert.deepEqual(decodeChannelAuthentication(encodeChannelAuthentication(capabilities)), capabilities);
    }
    const id = { firmwareMajor: 9, firmwareMinor: 38, manufacturerId: 0x1291, productId: 0xf02 };
    assert.deepEqual(decodeDeviceId(encodeDeviceId(id)), id);
    assert.equal(decodeChassisControl(Buffer.of(5)), 'soft');
    assert.equal(decodeChassisControl(Buffer.of(9)), undefined);
  });

  it('refuse answers that are too short', () => {
    for (const decode of [decodeChassisStatus, decodeChannelAuthentication, decodeDeviceId, decodeBootFlags]) {
      assert.throws(() => decode(Buffer.of(1)), Malformed);
    }
    assert.throws(() => getBootFlags.parse(Buffer.of(1, 5)), Malformed);
    assert.throws(() => readFru(0, 1).parse(Buffer.alloc(0)), Malformed);
  });
});

describe('completion codes', () => {
  it('say whether to come back, to give up, or to look what happened', () => {
    const kinds = Object.fromEntries(
      [0xc0, 0xc1, 0xc3, 0xc7, 0xcc, 0xce, 0xcf, 0xd2, 0xd4, 0xd5, 0xff, 0x80, 0xee].map((code) => [
        code.toString(16),
        describeCompletion(code).kind,
      ]),
    );
    assert.deepEqual(kinds, {
      c0: 'busy',
      c1: 'unsupported',
      c3: 'unreachable',
      c7: 'rejected',
      cc: 'rejected',
      ce: 'unreachable',
      cf: 'unreachable',
      d2: 'busy',
      d4: 'unauthorized',
      d5: 'rejected',
      ff: 'rejected',
      80: 'rejected',
      ee: 'rejected',
    });
  });

  it('are named, the command’s own first', () => {
    assert.equal(describeCompletion(0xc0).text, 'node busy (completion code 0xc0)');
    assert.equal(describeCompletion(0xab).text, 'unknown completion code (completion code 0xab)');
    assert.deepEqual(describeCompletion(0x80, getBootFlags.completions), {
      kind: 'unsupported',
      text: 'boot option parameter not supported (completion code 0x80)',
    });
    assert.equal(describeCompletion(0x81, setSessionPrivilege(4).completions).kind, 'unauthorized');
  });
});
