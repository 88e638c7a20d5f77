import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Netboot } from '../../../api/tinkerbell/v1alpha1/hardware-netboot.ts';
import { FakeHardwareCache, fakeHardware } from '../../hardware/fake-hardware.ts';
import { optionCode } from '../codec/option.ts';
import { bytesOption } from '../codec/option-value.ts';
import { addressOf, type FakeClientOptions, fakeRequest } from '../fake-client.ts';
import { ask, bootOf, type FakeExchange, fakeOptions, optionOf } from '../fake-server.ts';
import { formatMac, type NetbootSettings } from './boot-file.ts';

const settings: NetbootSettings = fakeOptions.netboot ?? assert.fail();
const withSettings = (changed: Partial<NetbootSettings>): FakeExchange => ({
  options: { ...fakeOptions, netboot: { ...settings, ...changed } },
});
const withNetboot = (netboot: Netboot): FakeExchange => ({ cache: new FakeHardwareCache(fakeHardware({ netboot })) });
const interfaceWith = (netboot: NonNullable<Netboot>) => ({
  dhcp: { mac: '02:00:5e:00:53:01', ip: { address: '192.0.2.11', netmask: '255.255.255.0' } },
  netboot,
});
const pxe = (architecture: number, more: FakeClientOptions = {}) =>
  fakeRequest({ boots: 'PXEClient', architectures: [architecture], ...more });
const binaries = 'http://192.0.2.2:7080/ipxe/binary/02:00:5e:00:53:01';
const script = 'http://192.0.2.2:7080/ipxe/script/02:00:5e:00:53:01/auto.ipxe 192.0.2.2';
const tftp = 'tftp://192.0.2.2:69/02:00:5e:00:53:01';

describe('the boot file', () => {
  for (const [program, architectures] of Object.entries({
    'undionly.kpxe': [0, 1, 2, 3, 4, 5, 20],
    'ipxe.efi': [6, 7, 8, 9, 15, 16],
    'snp-arm64.efi': [10, 11, 18, 19],
    '/netboot-not-allowed': [12, 13, 14, 17, 21, 24, 25, 30, 31, 36, 41, 255, 65_535],
  })) {
    for (const architecture of architectures) {
      it(`is ${program} for architecture ${architecture}`, () => {
        assert.equal(bootOf(ask(pxe(architecture))), `${program} 192.0.2.2`);
      });
    }
  }

  it('is for the first architecture that has a name', () => {
    assert.equal(
      bootOf(ask(fakeRequest({ boots: 'PXEClient', architectures: [900, 11, 7] }))),
      'snp-arm64.efi 192.0.2.2',
    );
    assert.match(bootOf(ask(fakeRequest({ boots: 'PXEClient', architectures: [12, 7] }))), /not-allowed/);
  });

  it('can be set for an architecture, for one that has no name too', () => {
    const mapped = withSettings({
      architectures: new Map([
        [7, 'snp-x86_64.efi'],
        [41, 'rpi.efi'],
      ]),
    });
    assert.equal(bootOf(ask(pxe(7), mapped)), 'snp-x86_64.efi 192.0.2.2');
    assert.equal(bootOf(ask(pxe(41), mapped)), 'rpi.efi 192.0.2.2');
  });

  it('is the script for any iPXE when our programs are any iPXE, or they would load themselves for ever', () => {
    const plain = pxe(7, { userClass: 'iPXE' });
    assert.equal(bootOf(ask(plain)), `${tftp}/ipxe.efi 192.0.2.2`);
    assert.equal(bootOf(ask(plain, withSettings({ scriptForAnyIpxe: true }))), script);
    assert.equal(bootOf(ask(pxe(7), withSettings({ scriptForAnyIpxe: true }))), 'ipxe.efi 192.0.2.2');
  });

  it('is the one the Hardware names, whatever the architecture', () => {
    const exchange = withNetboot({ allowPXE: true, ipxe: { binary: 'special.efi' } });
    assert.equal(bootOf(ask(pxe(7), exchange)), 'special.efi 192.0.2.2');
    assert.equal(bootOf(ask(pxe(12), exchange)), 'special.efi 192.0.2.2');
  });

  it('comes over TFTP by URL for an iPXE that is not ours, over HTTP for UEFI HTTP boot', () => {
    assert.equal(bootOf(ask(pxe(7, { userClass: 'iPXE' }))), `${tftp}/ipxe.efi 192.0.2.2`);
    assert.equal(bootOf(ask(fakeRequest({ boots: 'HTTPClient' }))), `${binaries}/ipxe.efi 192.0.2.2 HTTPClient`);
    assert.equal(
      bootOf(ask(fakeRequest({ boots: 'HTTPClient', architectures: [19] }))),
      `${binaries}/snp-arm64.efi 192.0.2.2 HTTPClient`,
    );
  });

  it('is the script for our iPXE, also when it boots over HTTP', () => {
    assert.equal(bootOf(ask(pxe(7, { userClass: 'Tinkerbell' }))), script);
    assert.equal(bootOf(ask(fakeRequest({ boots: 'HTTPClient', userClass: 'Tinkerbell' }))), `${script} HTTPClient`);
  });

  for (const [name, userClass, expected] of [
    ['Tinkerbell', '\x0aTinkerbell', script],
    ['iPXE', '\x04iPXE', `${tftp}/ipxe.efi 192.0.2.2`],
    ['several', '\x03abc\x0aTinkerbell', script],
    ['none of ours', '\x03abc', 'ipxe.efi 192.0.2.2'],
    ['a lie about its length', '\xffTinkerbell', 'ipxe.efi 192.0.2.2'],
  ] as const) {
    it(`9.1 M: a user class in the form of RFC 3004 is understood: ${name}`, () => {
      assert.equal(bootOf(ask(pxe(7, { userClass }))), expected);
    });
  }

  it('is another script when the Hardware names its URL, and without the MAC address when told so', () => {
    const request = pxe(7, { userClass: 'Tinkerbell' });
    const url = 'https://boot.example.org/a.ipxe?x=1';
    assert.equal(bootOf(ask(request, withNetboot({ allowPXE: true, ipxe: { url } }))), `${url} 192.0.2.2`);
    assert.equal(
      bootOf(ask(request, withSettings({ scriptUrlHasMac: false }))),
      'http://192.0.2.2:7080/ipxe/script/auto.ipxe 192.0.2.2',
    );
    const { scriptUrl: _, ...none } = settings;
    assert.equal(
      bootOf(ask(request, { options: { ...fakeOptions, netboot: none } })),
      '/no-ipxe-script-defined 192.0.2.2',
    );
  });

  it('is sought at the host of the boot programs by UEFI HTTP boot, when that is an IPv4 address', () => {
    const request = fakeRequest({ boots: 'HTTPClient' });
    for (const [host, server] of [
      ['198.51.100.7', '198.51.100.7'],
      ['boot.example.org', '192.0.2.2'],
    ]) {
      const exchange = withSettings({ binaryUrl: `http://${host}/b` });
      assert.equal(bootOf(ask(request, exchange)), `http://${host}/b/02:00:5e:00:53:01/ipxe.efi ${server} HTTPClient`);
    }
  });

  it('carries option 43 that says: boot from this file', () => {
    const vendor = optionOf(ask(pxe(7)), optionCode.vendorSpecific);
    assert.equal(vendor?.toString('hex'), `060108451a${'00'.repeat(26)}`);
  });

  for (const [name, allowPXE] of [
    ['false', false],
    ['not set', undefined],
  ] as const) {
    for (const mode of ['reservation', 'proxy'] as const) {
      it(`9.1 M: allowPXE ${name}, mode ${mode}: the same file and a server that says no at once`, () => {
        const exchange = {
          cache: new FakeHardwareCache(
            fakeHardware({ interface: interfaceWith(allowPXE === undefined ? {} : { allowPXE }) }),
          ),
          options: { ...fakeOptions, mode },
        };
        // What an OFFER of a proxy says besides is in its own tests.
        const boot = (request: FakeClientOptions) =>
          bootOf(ask(fakeRequest(request), exchange)).replace(/ PXEClient$/, '');
        assert.equal(boot({ boots: 'PXEClient' }), '/netboot-not-allowed 192.0.2.2');
        assert.equal(boot({ boots: 'HTTPClient' }), `${binaries}/netboot-not-allowed 192.0.2.2 HTTPClient`);
        for (const userClass of ['iPXE', 'Tinkerbell']) {
          assert.equal(boot({ boots: 'PXEClient', userClass }), `${tftp}/netboot-not-allowed 192.0.2.2`);
        }
      });
    }
  }

  for (const [name, options] of [
    ['no option 60', [bytesOption(60)]],
    ['another vendor class', [{ code: 60, data: Buffer.from('MSFT 5.0') }]],
    ['half of the word', [{ code: 60, data: Buffer.from('PXEClie') }]],
    ['no option 93', [bytesOption(93)]],
    ['no option 94', [bytesOption(94)]],
    ['a short machine identifier', [bytesOption(97, 0, 1, 2)]],
    ['a machine identifier of another type', [{ code: 97, data: Buffer.alloc(17, 1) }]],
  ] as const) {
    it(`is nobody's who sends ${name}`, () => {
      assert.equal(bootOf(ask(fakeRequest({ boots: 'PXEClient', options: [...options] }))), ' 192.0.2.2');
    });
  }

  it('is also for who sends no machine identifier', () => {
    assert.equal(bootOf(ask(fakeRequest({ boots: 'PXEClient', options: [bytesOption(97)] }))), 'ipxe.efi 192.0.2.2');
  });

  for (const [format, path] of [
    ['colon', '02:00:5e:00:53:01/ipxe.efi'],
    ['dash', '02-00-5e-00-53-01/ipxe.efi'],
    ['dot', '0200.5e00.5301/ipxe.efi'],
    ['no-delimiter', '02005e005301/ipxe.efi'],
    ['empty', 'ipxe.efi'],
  ] as const) {
    it(`9.1 L: has the MAC address in the form ${format}`, () => {
      const exchange = withSettings({ macFormat: format, tftpPort: 6969, tftpAddress: addressOf('192.0.2.3') });
      assert.equal(bootOf(ask(pxe(7, { userClass: 'iPXE' }), exchange)), `tftp://192.0.2.3:6969/${path} 192.0.2.3`);
      assert.equal(formatMac('02:00:5e:00:53:01', format), path.replace(/\/?ipxe\.efi$/, ''));
    });
  }
});
