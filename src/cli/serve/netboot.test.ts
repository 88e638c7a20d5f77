import assert from 'node:assert/strict';
import { Command } from 'commander';
import { describe, it } from 'mocha';
import { addServeFlags, type ServeFlags } from './flags.ts';
import { advertisedUrls } from './netboot.ts';
import { parseKernelArguments, parseSeconds } from './parse.ts';
import { addressOfDefaultRoute, publicAddress } from './public-address.ts';

function flagsOf(...args: string[]): ServeFlags {
  const command = addServeFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(args, { from: 'user' }).opts();
}

describe('flags of the service netboot', () => {
  it('has the ports and switches of the original', () => {
    const { dhcpEnabled, dhcpMode, tftpServerBindPort, syslogBindPort, httpPort, pxeHttpEnabled } = flagsOf();
    assert.deepEqual(
      [dhcpEnabled, dhcpMode, tftpServerBindPort, syslogBindPort, httpPort, pxeHttpEnabled],
      [true, 'reservation', 69, 514, 7080, false],
    );
  });

  it('takes an empty public address for none, so that manifests may have a variable there', () => {
    assert.equal(publicAddress(flagsOf('--public-ipv4=', '--bind-address', '192.0.2.8')), '192.0.2.8');
    assert.equal(publicAddress(flagsOf('--public-ipv4=192.0.2.1')), '192.0.2.1');
  });

  it('takes switches as Go does, and from the environment', () => {
    assert.equal(flagsOf('--dhcp-enabled=false').dhcpEnabled, false);
    assert.equal(flagsOf('--pxe-http-enabled').pxeHttpEnabled, true);
    assert.throws(() => flagsOf('--dhcp-enabled=perhaps'), /true or false/);
    process.env['TINKERBELL_TFTP_SERVER_ENABLED'] = 'false';
    try {
      assert.equal(flagsOf().tftpServerEnabled, false);
    } finally {
      delete process.env['TINKERBELL_TFTP_SERVER_ENABLED'];
    }
  });

  it('9.2 L: kernel arguments may be apart by blanks or commas, and keep commas of their own', () => {
    assert.deepEqual(parseKernelArguments('a=1,b console=ttyS0,115200n8  tink_worker_image=x/y:z,quiet'), [
      'a=1',
      'b',
      'console=ttyS0,115200n8',
      'tink_worker_image=x/y:z',
      'quiet',
    ]);
    assert.deepEqual(flagsOf('--ipxe-http-script-extra-kernel-args', 'a b').ipxeHttpScriptExtraKernelArgs, ['a', 'b']);
  });

  it('reads durations', () => {
    assert.deepEqual(['10s', '500ms', '1m', '5'].map(parseSeconds), [10, 0.5, 60, 5]);
    for (const text of ['', '0s', '-1s', '1d', 's']) assert.throws(() => parseSeconds(text), /duration/);
  });

  it('makes the URLs that DHCP tells', () => {
    assert.deepEqual(advertisedUrls(flagsOf('--http-port', '8080'), '192.0.2.1'), {
      binary: 'http://192.0.2.1:8080/ipxe/binary/',
      script: 'http://192.0.2.1:8080/ipxe/script/auto.ipxe',
    });
    const elsewhere = flagsOf('--dhcp-ipxe-http-script-host', 'boot.example', '--dhcp-ipxe-http-script-port', '80');
    assert.equal(advertisedUrls(elsewhere, '192.0.2.1').script, 'http://boot.example:80/ipxe/script/auto.ipxe');
  });
});

describe('publicAddress', () => {
  const routes = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth1	0002000A	00000000	0001	0	0	0	00FFFFFF	0	0	0
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
`;
  it('is that of the default route', () => {
    const eth0 = [
      { family: 'IPv6' as const, address: 'fe80::1' },
      { family: 'IPv4' as const, address: '192.0.2.5' },
    ];
    assert.equal(addressOfDefaultRoute(routes, { eth0 }), '192.0.2.5');
    assert.equal(addressOfDefaultRoute(routes, {}), undefined);
    assert.equal(addressOfDefaultRoute('', { eth0 }), undefined);
  });

  it('is what was set, or where the services listen', () => {
    assert.equal(publicAddress({ publicIpv4: '192.0.2.9', bindAddress: '192.0.2.8' }), '192.0.2.9');
    assert.equal(publicAddress({ bindAddress: '192.0.2.8' }), '192.0.2.8');
  });
});
