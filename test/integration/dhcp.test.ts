import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import type { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { formatIpv4 } from '../../src/netboot/dhcp/codec/ipv4.ts';
import { findOption, optionCode } from '../../src/netboot/dhcp/codec/option.ts';
import { bytesOption } from '../../src/netboot/dhcp/codec/option-value.ts';
import type { DhcpPacket } from '../../src/netboot/dhcp/codec/packet.ts';
import { messageName } from '../../src/netboot/dhcp/decide/decide.ts';
import { fakeRequest } from '../../src/netboot/dhcp/fake-client.ts';
import type { DhcpSettings } from '../../src/netboot/dhcp/settings.ts';
import { fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import { eventually } from '../faults/eventually.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';
import { skipBecause } from '../support/reporter.ts';
import { DhcpProcess, WireClient } from './dhcp-rig.ts';

const mac = '02:00:5e:00:53:01';
const server = '192.0.2.2';

describe('DHCP on the wire', () => {
  let namespaces: NetworkNamespaces;
  let folder: string;

  before(function () {
    const reason = NetworkNamespaces.unavailable();
    if (reason !== undefined) skipBecause(this, reason);
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-dhcp-'));
    namespaces = new NetworkNamespaces();
    namespaces.add('server');
    namespaces.add('client');
    // Neither has a default route, and the client has no address.
    namespaces.connect('server', { address: `${server}/24` }, 'client', { mac });
  });

  afterEach(() => {
    namespaces[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  const serve = (settings: Partial<DhcpSettings> = {}, hardware: Hardware[] = [fakeHardware()], where = 'server') =>
    DhcpProcess.start(namespaces, where, { serverAddress: server, ...settings }, hardware);

  /** What busybox's client got: the variables it gives its script, or `undefined` when it got nothing. */
  async function udhcpc(device = 'net0'): Promise<Record<string, string> | undefined> {
    const script = join(folder, 'script');
    writeFileSync(script, '#!/bin/sh\n[ "$1" = bound ] && env\nexit 0\n', { mode: 0o755 });
    const args = ['udhcpc', '-i', device, '-f', '-n', '-q', '-t', '4', '-T', '1', '-s', script];
    const { code, output } = await namespaces.run('client', 'busybox', args);
    if (code !== 0) return undefined;
    return Object.fromEntries(output.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  }

  it('gives busybox udhcpc the address, the network and the servers of its Hardware', async function () {
    if (!(await has('busybox', 'udhcpc', '--help'))) skipBecause(this, 'busybox udhcpc is missing (Debian: busybox)');
    await using process = await serve();
    const lease = await udhcpc();
    assert.ok(lease !== undefined, process.errors);
    const { ip, subnet, router, dns, hostname, serverid, lease: seconds } = lease;
    assert.deepEqual(
      { ip, subnet, router, dns, hostname, serverid, seconds },
      {
        ip: '192.0.2.11',
        subnet: '255.255.255.0',
        router: '192.0.2.1',
        dns: '192.0.2.2 192.0.2.3',
        hostname: 'node-1',
        serverid: server,
        seconds: '3600',
      },
    );
    assert.deepEqual(
      process.lines.map(({ type, reason }) => `${type} ${reason}`),
      ['DISCOVER offered', 'REQUEST acknowledged'],
    );
  });

  it('leaves a machine without Hardware alone, and says so', async function () {
    if (!(await has('busybox', 'udhcpc', '--help'))) skipBecause(this, 'busybox udhcpc is missing (Debian: busybox)');
    await using process = await serve({}, []);
    assert.equal(await udhcpc(), undefined);
    assert.ok(process.lines.length > 0);
    assert.ok(process.lines.every(({ reason, mac: from }) => reason === 'unknown-machine' && from === mac));
  });

  it('serves perfdhcp through its relay, nothing lost', async function () {
    if (!(await has('perfdhcp', '-v'))) skipBecause(this, 'perfdhcp is missing (Debian: kea-admin)');
    namespaces.add('relay');
    namespaces.connect('server', { address: '198.51.100.1/24' }, 'relay', { address: '198.51.100.2/24' });
    // perfdhcp counts the addresses of its clients up from the one it is given.
    const hardware = Array.from({ length: 20 }, (_, number) => {
      const last = number.toString(16).padStart(2, '0');
      const dhcp = {
        mac: `00:0c:01:02:03:${last}`,
        ip: { address: `198.51.100.${100 + number}`, netmask: '255.255.255.0' },
      };
      return fakeHardware({ name: `node-${number}`, dhcp });
    });
    await using process = await serve({ serverAddress: '198.51.100.1' }, hardware);
    const { output } = await namespaces.run('relay', 'perfdhcp', [
      // It waits for the last answers before it counts them.
      ...['-4', '-r', '50', '-n', '100', '-R', '20', '-W', '2000000', '-b', 'mac=00:0c:01:02:03:00'],
      ...['-l', '198.51.100.2', '198.51.100.1'],
    ]);
    assert.deepEqual(output.match(/^drops: \d+/gm), ['drops: 0', 'drops: 0'], `${output}${process.errors}`);
    const reasons = new Set(process.lines.map(({ reason }) => reason));
    assert.deepEqual([...reasons].sort(), ['acknowledged', 'offered']);
  });

  it('answers where it was before when it is killed between OFFER and REQUEST', async () => {
    await using client = await WireClient.open(namespaces, 'client');
    const before = await serve();
    const offer = await client.ask(fakeRequest());
    assert.equal(shown(offer), 'OFFER 192.0.2.11');
    await before.kill('SIGKILL');
    await using after = await serve();
    const request = fakeRequest({ type: 'request', server, requested: formatIpv4(offer.yiaddr) });
    assert.equal(shown(await client.ask(request)), 'ACK 192.0.2.11');
    assert.equal(after.lines[0]?.reason, 'acknowledged');
  });

  it('answers a relay in another network at its own address and port, option 82 as it came', async () => {
    namespaces.add('relay');
    namespaces.connect('server', { address: '198.51.100.1/24' }, 'relay', { address: '198.51.100.2/24' });
    await using relay = await WireClient.open(namespaces, 'relay', { address: '198.51.100.2', port: 67 });
    await using _ = await serve({ serverAddress: '198.51.100.1' });
    const circuit = bytesOption(optionCode.relayAgentInformation, 1, 4, 0, 1, 0, 7);
    const relayed = fakeRequest({ boots: 'PXEClient', giaddr: '198.51.100.2', options: [circuit] });
    const reply = await relay.ask(relayed, '198.51.100.1');
    assert.equal(shown(reply), 'OFFER 192.0.2.11');
    assert.equal(formatIpv4(reply.giaddr), '198.51.100.2');
    assert.deepEqual(reply.options.at(-1), circuit);
  });

  it('renews by unicast', async () => {
    namespaces.add('renewer');
    namespaces.connect('server', { address: '203.0.113.1/24' }, 'renewer', { address: '203.0.113.11/24' });
    const hardware = fakeHardware({ dhcp: { ip: { address: '203.0.113.11', netmask: '255.255.255.0' } } });
    await using _ = await serve({ serverAddress: '203.0.113.1' }, [hardware]);
    await using client = await WireClient.open(namespaces, 'renewer', { address: '203.0.113.11' });
    // Bound to this address, the client hears no broadcasts.
    const ack = await client.ask(fakeRequest({ type: 'request', ciaddr: '203.0.113.11' }), '203.0.113.1');
    assert.equal(shown(ack), 'ACK 203.0.113.11');
  });

  it('hears and reaches only the interface it is bound to', async () => {
    namespaces.connect('server', { address: '198.51.100.1/24' }, 'client', { mac: '02:00:5e:00:53:77' });
    await using process = await serve({ serverAddress: '198.51.100.1', bindInterface: 'net1' });
    await using first = await WireClient.open(namespaces, 'client', { device: 'net0' });
    await using second = await WireClient.open(namespaces, 'client', { device: 'net1' });
    first.send(fakeRequest({ fields: { xid: 1 } }));
    const heard = await second.ask(fakeRequest({ fields: { xid: 2 } }));
    assert.equal(heard.xid, 2);
    // What was sent first would have been read first.
    assert.ok(process.lines.every(({ reason }) => reason === 'offered'));
    await assert.rejects(
      serve({ serverAddress: server, bindInterface: 'nothere' }),
      /DHCP cannot be bound to the network interface nothere: there is no such interface/,
    );
  });

  it('9.1 M: a proxy answers DISCOVER on port 67 and REQUEST on port 4011', async () => {
    await using _ = await serve({ mode: 'Proxy' });
    await using client = await WireClient.open(namespaces, 'client');
    const offer = await client.ask(fakeRequest({ boots: 'PXEClient' }));
    assert.equal(`${shown(offer)} ${offer.file}`, 'OFFER 0.0.0.0 ipxe.efi');
    const again = fakeRequest({ boots: 'PXEClient', type: 'request' });
    const ack = await client.ask(again, '255.255.255.255', 4011);
    assert.equal(`${shown(ack)} ${ack.file}`, 'ACK 0.0.0.0 ipxe.efi');
  });

  it('lives beside a foreign DHCP server: that one gives the address, the proxy the boot file', async function () {
    if (!(await has('busybox', 'udhcpd', '--help'))) skipBecause(this, 'busybox udhcpd is missing (Debian: busybox)');
    for (const name of ['foreign', 'proxy', 'machine']) namespaces.add(name);
    namespaces.join({ foreign: { address: '10.1.0.1/24' }, proxy: { address: '10.1.0.2/24' }, machine: { mac } });
    const config = join(folder, 'udhcpd.conf');
    const lines = ['start 10.1.0.50', 'end 10.1.0.60', 'interface net0', 'opt subnet 255.255.255.0'];
    const files = [`lease_file ${folder}/leases`, `pidfile ${folder}/pid`];
    writeFileSync(join(folder, 'leases'), '');
    writeFileSync(config, `${[...lines, ...files].join('\n')}\n`);
    const stop = new AbortController();
    const foreign = namespaces.run('foreign', 'busybox', ['udhcpd', '-f', config], { signal: stop.signal });
    foreign.catch(() => {});
    try {
      await using _ = await serve({ serverAddress: '10.1.0.2', mode: 'proxy' }, [fakeHardware()], 'proxy');
      await using client = await WireClient.open(namespaces, 'machine');
      const heard = new Set<string>();
      // The foreign server first looks for seconds whether somebody has the address.
      await eventually(async () => {
        const { file, yiaddr, options } = await client.ask(fakeRequest({ boots: 'PXEClient' }));
        const from = formatIpv4(findOption(options, optionCode.serverIdentifier)?.readUInt32BE() ?? 0);
        heard.add(`${from}: ${yiaddr === 0 ? 'no address' : 'an address'}, ${file.length === 0 ? 'no file' : file}`);
        assert.equal(heard.size, 2);
      });
      assert.deepEqual([...heard].sort(), ['10.1.0.1: an address, no file', '10.1.0.2: no address, ipxe.efi']);
    } finally {
      stop.abort();
      await foreign.catch(() => {});
    }
  });

  it('says when another program has the port', async () => {
    await using _ = await serve();
    await assert.rejects(serve(), /UDP port 67 on 0\.0\.0\.0 is in use/);
  });

  async function has(program: string, ...args: string[]): Promise<boolean> {
    return await namespaces.run('client', program, args).then(
      ({ output }) => !/not found|No such file/i.test(output),
      () => false,
    );
  }
});

function shown({ options, yiaddr }: DhcpPacket): string {
  return `${messageName(findOption(options, optionCode.messageType)?.[0] ?? 0)} ${formatIpv4(yiaddr)}`;
}
