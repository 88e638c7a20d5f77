/**
 * A DHCP server with Hardware from its first argument (JSON: `{ settings, hardware }`), in a process of its own: tests run
 * it in network namespaces and kill it. Writes `ready` when it listens, then a line of JSON for every exchange.
 */
import type { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { runtimeWarning } from '../../src/kube/telemetry/channels.ts';
import { DhcpServer } from '../../src/netboot/dhcp/server/dhcp-server.ts';
import { checkSettings, type DhcpSettings } from '../../src/netboot/dhcp/settings.ts';
import { FakeHardwareCache } from '../../src/netboot/hardware/fake-hardware.ts';

const { settings, hardware, quiet } = JSON.parse(process.argv[2] ?? '{}') as {
  settings: DhcpSettings;
  hardware: Hardware[];
  quiet?: boolean;
};
const { index } = new FakeHardwareCache(...hardware);
const { decide, bindAddress, bindInterface } = checkSettings(settings);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
runtimeWarning.subscribe(({ what, error }) => process.stderr.write(`${what}: ${(error as Error).message}\n`));
await new DhcpServer({
  ...decide,
  index,
  endpoint: { address: bindAddress, ...(bindInterface === undefined ? {} : { device: bindInterface }) },
  onExchange: ({ type, mac, reason, reply, file, from, to }) => {
    if (!quiet) process.stdout.write(`${JSON.stringify({ type, mac, reason, reply, file, from, to })}\n`);
  },
}).run(stop.signal, () => process.stdout.write('ready\n'));
