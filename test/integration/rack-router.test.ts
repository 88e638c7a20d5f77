import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { RouterAdvertiser } from '../../src/rack/qemu/network/router-advertiser.ts';
import { onMachineEvent } from '../../src/rack/telemetry.ts';
import { eventually } from '../faults/eventually.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';
import { skipBecause } from '../support/reporter.ts';
import { missing } from './bmc-ipmi-tool.ts';

/** Asks all routers (RFC 4861 §4.1), again and again, until one answers. Writes how long it is a router, in seconds, and its options. */
const ask = `
import socket, struct, time
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
s.settimeout(0.5)
for _ in range(80):
    try:
        s.sendto(bytes([133, 0, 0, 0, 0, 0, 0, 0]), ('ff02::2', 0, 0, socket.if_nametoindex('net0')))
        while True:
            answer = s.recv(1500)
            if answer[0] != 134: continue
            options, rest = [], answer[16:]
            while rest:
                options.append(rest[0])
                rest = rest[8 * rest[1]:]
            raise SystemExit(print(struct.unpack('!H', answer[6:8])[0], options))
    # Without an address of its link nothing can be sent yet.
    except OSError: time.sleep(0.1)
`;

describe('machines of a rack that look for an IPv6 router', function () {
  this.timeout(60_000);
  let folder: string;
  let namespaces: NetworkNamespaces;

  before(async function () {
    const reason = NetworkNamespaces.unavailable() ?? (await missing('radvd')) ?? (await missing('python3'));
    if (reason !== undefined) skipBecause(this, reason);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-router-'));
    namespaces = new NetworkNamespaces();
    for (const name of ['rack', 'machine']) namespaces.add(name);
    namespaces.connect('rack', {}, 'machine', {});
  });
  afterEach(() => {
    namespaces[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  const options = () => ({
    directory: folder,
    device: 'net0',
    environment: process.env,
    command: (program: string, args: readonly string[]) => namespaces.command('rack', program, args),
  });

  it('are told that there is none', async () => {
    await using _advertiser = await RouterAdvertiser.start(options());
    const { output } = await namespaces.run('machine', 'python3', ['-c', ask]);
    // No option but its link-layer address: no prefix, so no address either.
    assert.equal(output.trim(), '0 [1]');
  });

  it('are not told where radvd is missing, which is an event of the rack', async () => {
    const events: string[] = [];
    const stop = onMachineEvent(({ what }) => events.push(what));
    try {
      await using _advertiser = await RouterAdvertiser.start({ ...options(), program: 'no-radvd' });
      await eventually(() => assert.match(events.join('\n'), /looks for one for 16 s: radvd: .*no-radvd/));
    } finally {
      stop();
    }
  });
});
