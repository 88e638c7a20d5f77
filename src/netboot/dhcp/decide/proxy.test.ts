import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeHardwareCache, fakeHardware } from '../../hardware/fake-hardware.ts';
import { optionCode } from '../codec/option.ts';
import { addressOf, type FakeClientOptions, fakeRequest } from '../fake-client.ts';
import { ask, bootOf, type FakeExchange, fakeOptions, fakeProxyOptions, optionOf, shown } from '../fake-server.ts';

const proxied = (request: FakeClientOptions, exchange: FakeExchange = {}) =>
  ask(fakeRequest({ boots: 'PXEClient', ...request }), { options: fakeProxyOptions, ...exchange });

describe('decide, mode proxy', () => {
  it('offers a boot file without an address, a lease or a network', () => {
    const decision = proxied({});
    assert.equal(shown(decision), 'OFFER 0.0.0.0 to 255.255.255.255:68');
    assert.equal(bootOf(decision), 'ipxe.efi 192.0.2.2 PXEClient');
    assert.ok(decision.outcome === 'answered');
    assert.deepEqual(
      decision.reply.options.map(({ code }) => code),
      [43, 53, 54, 60, 97],
    );
    assert.equal(decision.reply.sname.toString(), '192.0.2.2');
    assert.equal(optionOf(decision, optionCode.vendorSpecific)?.toString('hex'), '060108');
    assert.deepEqual(
      optionOf(decision, optionCode.clientMachineIdentifier),
      Buffer.concat([Buffer.of(0), Buffer.alloc(16, 7)]),
    );
  });

  it('tells UEFI HTTP boot a URL and its own vendor class', () => {
    assert.equal(
      bootOf(proxied({ boots: 'HTTPClient' })),
      'http://192.0.2.2:7080/ipxe/binary/02:00:5e:00:53:01/ipxe.efi 192.0.2.2 HTTPClient',
    );
  });

  it('9.1 M: answers requests on port 4011 by unicast, whatever server they name', () => {
    const origin = { address: addressOf('192.0.2.11'), port: 4011, bootServer: true };
    for (const server of [undefined, '192.0.2.2', '192.0.2.1']) {
      const request = { type: 'request', ciaddr: '192.0.2.11', ...(server === undefined ? {} : { server }) } as const;
      const decision = proxied(request, { origin });
      assert.equal(shown(decision), 'ACK 0.0.0.0 to 192.0.2.11:4011');
      assert.equal(bootOf(decision), 'ipxe.efi 192.0.2.2 PXEClient');
    }
  });

  for (const [name, request, reason] of [
    ['a REQUEST for the server that gives addresses', { type: 'request', server: '192.0.2.1' }, 'other-server'],
    ['a renewal', { type: 'request', ciaddr: '192.0.2.11' }, 'not-netboot'],
    ['an INFORM', { type: 'inform', ciaddr: '192.0.2.11' }, 'unsupported-message'],
    ['a DECLINE', { type: 'decline' }, 'unsupported-message'],
    ['an unknown machine', { mac: '02:00:5e:00:53:ff' }, 'unknown-machine'],
  ] as const) {
    it(`leaves ${name} alone`, () => assert.equal(shown(proxied(request)), reason));
  }

  it('leaves alone who does not boot over the network, and everybody when it is switched off', () => {
    assert.equal(shown(ask(fakeRequest(), { options: fakeProxyOptions })), 'not-netboot');
    const { netboot: _, ...off } = fakeProxyOptions;
    assert.equal(shown(proxied({}, { options: off })), 'netboot-off');
  });

  it('answers a REQUEST that names it', () => {
    assert.equal(shown(proxied({ type: 'request', server: '192.0.2.2' })), 'ACK 0.0.0.0 to 255.255.255.255:68');
  });

  it('answers through a relay', () => {
    assert.equal(shown(proxied({ giaddr: '198.51.100.1' })), 'OFFER 0.0.0.0 to 198.51.100.1:67');
  });

  it('9.1 M: disableDhcp, tftp_server_name, boot_file_name and ipxe.url count in proxy mode too', () => {
    const cacheOf = (options: Parameters<typeof fakeHardware>[0]) => new FakeHardwareCache(fakeHardware(options));
    assert.equal(shown(proxied({}, { cache: cacheOf({ interface: { disableDhcp: true } }) })), 'dhcp-disabled');
    const foreign = cacheOf({ dhcp: { tftp_server_name: '192.0.2.77', boot_file_name: 'pxelinux.0' } });
    const decision = proxied({}, { cache: foreign });
    assert.equal(bootOf(decision), 'pxelinux.0 192.0.2.77 PXEClient');
    assert.equal(optionOf(decision, 67)?.toString(), 'pxelinux.0');
    const script = cacheOf({ netboot: { ipxe: { url: 'http://192.0.2.5/x.ipxe' } } });
    assert.equal(
      bootOf(proxied({ userClass: 'Tinkerbell' }, { cache: script })),
      'http://192.0.2.5/x.ipxe 192.0.2.2 PXEClient',
    );
  });

  it('needs no address in the Hardware', () => {
    const cache = new FakeHardwareCache(fakeHardware({ dhcp: { ip: {} } }));
    assert.equal(bootOf(proxied({}, { cache })), 'ipxe.efi 192.0.2.2 PXEClient');
  });

  it('names itself, not the TFTP server, as the one to ask again', () => {
    const netboot = { ...(fakeOptions.netboot ?? assert.fail()), tftpAddress: addressOf('192.0.2.3') };
    const decision = proxied({}, { options: { ...fakeProxyOptions, netboot } });
    assert.equal(bootOf(decision), 'ipxe.efi 192.0.2.3 PXEClient');
    assert.deepEqual(optionOf(decision, optionCode.serverIdentifier), Buffer.of(192, 0, 2, 2));
  });
});
