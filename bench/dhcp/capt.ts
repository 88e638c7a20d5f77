/** Our server for the benchmark, with as many machines as its argument says; counts every packet as in production. */
import { Registry } from '@prometheus-io/client';
import { measureDhcp } from '../../src/netboot/dhcp/metrics.ts';
import { DhcpServer } from '../../src/netboot/dhcp/server/dhcp-server.ts';
import { checkSettings } from '../../src/netboot/dhcp/settings.ts';
import { FakeHardwareCache, fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import { machines, netmask, serverAddress } from './plan.ts';

const cache = new FakeHardwareCache();
for (const { name, mac, address } of machines(Number(process.argv[2]))) {
  cache.put(fakeHardware({ name, dhcp: { mac, ip: { address, netmask, gateway: serverAddress } } }));
}
measureDhcp(new Registry());
const { decide, bindAddress } = checkSettings({ serverAddress });
const server = new DhcpServer({ ...decide, index: cache.index, endpoint: { address: bindAddress } });
await server.run(new AbortController().signal);
