import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import { ReportedEvent } from '../../src/kube/events/event.ts';
import { Manager } from '../../src/kube/manager/manager.ts';
import { formatIpv4 } from '../../src/netboot/dhcp/codec/ipv4.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/netboot/dhcp/codec/packet.ts';
import { addDhcpService } from '../../src/netboot/dhcp/dhcp-service.ts';
import { type FakeClientOptions, fakeRequest } from '../../src/netboot/dhcp/fake-client.ts';
import type { DhcpServer } from '../../src/netboot/dhcp/server/dhcp-server.ts';
import { fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import { eventually } from '../faults/eventually.ts';
import { TestNamespace } from '../support/test-namespace.ts';

describe('the DHCP service on a real API server', () => {
  let own: TestNamespace;
  let server: DhcpServer;
  let socket: Socket;
  let stop: AbortController;
  let ran: Promise<void>;
  let heard: DhcpPacket[];

  before(async () => {
    const shared = await TestNamespace.create('dhcp-crds');
    await installCrds(shared.client, [Hardware]);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('dhcp');
    const manager = new Manager(own.client);
    server = addDhcpService(manager, {
      namespace: own.name,
      serverAddress: '127.0.0.1',
      bindAddress: '127.0.0.1',
      port: 0,
    });
    stop = new AbortController();
    ran = manager.run(stop.signal);
    ran.catch(() => {});
    await eventually(() => assert.equal(server.ports.length, 1));
    heard = [];
    socket = createSocket('udp4');
    socket.on('message', (bytes) => {
      const decoded = decodePacket(bytes);
      if ('packet' in decoded) heard.push(decoded.packet);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  });

  afterEach(async () => {
    socket.close();
    stop.abort();
    await ran;
    await own[Symbol.asyncDispose]();
  });

  const create = (name: string, mac = '02:00:5e:00:53:01') => {
    const { spec = {} } = fakeHardware({ dhcp: { mac } });
    const metadata = { name, namespace: own.name };
    return own.client.create(Hardware, { apiVersion: 'tinkerbell.org/v1alpha1', kind: 'Hardware', metadata, spec });
  };
  const send = (options: FakeClientOptions = {}) =>
    socket.send(encodePacket(fakeRequest(options)), server.ports[0], '127.0.0.1');
  const reasons = () => server.journal.recent().map(({ reason }) => reason);
  const events = async () =>
    (await own.client.list(ReportedEvent, { namespace: own.name })).items.map(
      ({ reason, regarding }) => `${regarding.name} ${reason}`,
    );

  it('leaves a machine alone until there is a Hardware, then answers it, and again not when that is gone', async () => {
    send();
    await eventually(() => assert.deepEqual(reasons(), ['unknown-machine']));
    await create('node-1');
    await eventually(() => {
      send();
      assert.equal(formatIpv4(heard[0]?.yiaddr ?? 0), '192.0.2.11');
    });
    await own.client.delete(Hardware, { name: 'node-1', namespace: own.name });
    await eventually(() => {
      send();
      assert.equal(reasons()[0], 'unknown-machine');
    });
  });

  it('shows DECLINE and a MAC address in two Hardware as events on them', async () => {
    await create('node-1');
    await eventually(async () => {
      send({ type: 'decline', requested: '192.0.2.11' });
      assert.deepEqual(await events(), ['node-1 AddressDeclined']);
    });
    await create('node-2');
    await eventually(async () => {
      send();
      const ambiguous = (await events()).filter((line) => line.endsWith('AmbiguousMAC'));
      assert.deepEqual(ambiguous.sort(), ['node-1 AmbiguousMAC', 'node-2 AmbiguousMAC']);
    });
  });
});
