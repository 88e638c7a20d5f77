import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formatIpv4 } from './codec/ipv4.ts';
import { checkSettings, httpUrl } from './settings.ts';

const serverAddress = '192.0.2.2';

describe('checkSettings', () => {
  it('takes everything else from our own address', () => {
    const { decide, bindAddress, bindInterface } = checkSettings({ serverAddress });
    const { netboot } = decide;
    assert.equal(decide.mode, 'reservation');
    assert.equal(decide.syslogAddress, undefined);
    assert.deepEqual([bindAddress, bindInterface], [0, undefined]);
    assert.equal(formatIpv4(netboot?.tftpAddress ?? 0), serverAddress);
    assert.equal(netboot?.binaryUrl, 'http://192.0.2.2:7080/ipxe/binary/');
    assert.equal(netboot?.scriptUrl, 'http://192.0.2.2:7080/ipxe/script/auto.ipxe');
    assert.equal(netboot?.scriptUrlHasMac, true);
    assert.equal(netboot?.macFormat, 'colon');
  });

  it('9.1 L: takes modes and formats in any case, `empty` too', () => {
    const { decide } = checkSettings({ serverAddress, mode: 'Proxy', macFormat: 'Empty' });
    assert.equal(decide.mode, 'proxy');
    assert.equal(decide.netboot?.macFormat, 'empty');
  });

  it('takes programs for architectures', () => {
    const { decide } = checkSettings({ serverAddress, architectures: '7=snp-x86_64.efi, 41=rpi.efi' });
    assert.deepEqual(
      [...(decide.netboot?.architectures ?? [])],
      [
        [7, 'snp-x86_64.efi'],
        [41, 'rpi.efi'],
      ],
    );
  });

  it('leaves network boot out when it is switched off', () => {
    assert.equal(checkSettings({ serverAddress, netbootEnabled: false }).decide.netboot, undefined);
  });

  it('tells everything that is wrong at once', () => {
    assert.throws(
      () =>
        checkSettings({
          serverAddress: '2001:db8::1',
          mode: 'auto-proxy',
          bindAddress: 'eth0',
          syslogAddress: 'syslog.example.org',
          tftpAddress: 'x',
          tftpPort: 0,
          binaryUrl: 'ftp://192.0.2.2/',
          scriptUrl: '/auto.ipxe',
          macFormat: 'dots',
          architectures: '7:ipxe.efi',
        }),
      ({ code, message }: { code: string; message: string }) => {
        assert.equal(code, 'DHCP_OPTIONS_INVALID');
        for (const option of [
          '--dhcp-ip-for-packet is "2001:db8::1"',
          '--dhcp-mode is "auto-proxy"',
          '--dhcp-bind-addr is "eth0"',
          '--dhcp-syslog-ip is "syslog.example.org"',
          '--dhcp-tftp-ip is "x"',
          '--dhcp-tftp-port is 0',
          '--dhcp-ipxe-http-binary-* make "ftp://192.0.2.2/"',
          '--dhcp-ipxe-http-script-* make "/auto.ipxe"',
          '--ipxe-binary-inject-mac-addr-format is "dots"',
          '--ipxe-override-arch-mapping has "7:ipxe.efi"',
        ]) {
          assert.ok(message.includes(option), `${option}: ${message}`);
        }
        return true;
      },
    );
    assert.throws(() => checkSettings({ serverAddress: '0.0.0.0' }), /--dhcp-ip-for-packet is 0\.0\.0\.0/);
  });

  it('makes URLs of parts', () => {
    assert.equal(httpUrl({ host: '192.0.2.2', port: 80, path: 'a' }), 'http://192.0.2.2:80/a');
    assert.equal(httpUrl({ scheme: 'https', host: '2001:db8::1', path: '/a/' }), 'https://[2001:db8::1]/a/');
  });
});
