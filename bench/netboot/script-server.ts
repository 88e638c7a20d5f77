/** Our script route as a process of its own: `node script-server.ts PORT MACHINES`. */
import { fastify } from 'fastify';
import { TrustedProxies } from '../../src/kube/http/trusted-proxies.ts';
import { FakeHardwareCache, fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import { bootRoutes } from '../../src/netboot/http/boot-routes.ts';
import { BootFiles } from '../../src/netboot/ipxe/boot-files.ts';
import { BootPrograms } from '../../src/netboot/ipxe/boot-programs.ts';
import { Scripts } from '../../src/netboot/ipxe/scripts.ts';
import { macOf } from './machines.ts';

const [, , port, machines] = process.argv;
const cache = new FakeHardwareCache();
for (let i = 0; i < Number(machines); i++) {
  cache.put(fakeHardware({ name: `node-${i}`, dhcp: { mac: macOf(i), ip: { address: `192.0.2.${i % 256}` } } }));
}
const hardware = cache.index;
const settings = { osieUrl: 'http://192.0.2.1:7173', grpcAuthority: '192.0.2.1:42113', syslogHost: '192.0.2.1' };
const app = fastify();
const files = new BootFiles({ hardware, programs: new BootPrograms('', []) });
app.register(
  bootRoutes({
    files,
    proxies: new TrustedProxies([]),
    scripts: new Scripts({ hardware, settings }),
    ready: () => true,
  }),
);
await app.listen({ host: '127.0.0.1', port: Number(port) });
