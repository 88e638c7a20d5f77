/** Malformed lines against the syslog service: `PACKETS=1000000 SEED=1 npm run fuzz:syslog`. */
import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { FakeClock } from '../../src/api/time/fake-clock.ts';
import { FakeHardwareCache, fakeHardware } from '../../src/netboot/hardware/fake-hardware.ts';
import { SyslogService } from '../../src/netboot/syslog/syslog-service.ts';
import { type SyslogLine, syslogLineChannel } from '../../src/netboot/telemetry.ts';
import type { Random } from '../faults/random.ts';
import { malformed } from './ipmi-mutation.ts';
import { fuzzDatagrams } from './udp-run.ts';

const pool = [
  '<30>hello',
  '<30>Oct 11 22:14:15 node-1 dockerd[321]: started',
  '<191>1 2026-11-21T09:00:00.123456Z node-1 dockerd 321 ID47 - started',
  '<0>1 - - - - - [a@1 x="1 \\] \\" y" z="2"][b@2] \uFEFFtext',
  '<30>tink-agent[1]: {"level":"info","msg":"started","nested":{"a":[1,2,3]}}',
  `<30>1 - - - - - [${'a="'.repeat(300)}`,
  `<30>${'a'.repeat(2000)}`,
].map((line) => Buffer.from(line));

await fuzzDatagrams('syslog service', () => {
  const clock = new FakeClock();
  const { index: hardware } = new FakeHardwareCache(fakeHardware());
  const service = new SyslogService({ hardware, clock, maxLinesPerSecond: 1000 });
  let sizeBytes = 0;
  subscribe(syslogLineChannel, (message) => {
    const { message: text, address, machine } = message as SyslogLine;
    // Bytes that are no UTF-8 become one character each.
    assert.ok(typeof text !== 'string' || text.length <= sizeBytes, 'a text that did not come');
    assert.equal(machine !== undefined, address === '192.0.2.11');
  });
  let steps = 0;
  return async (random: Random) => {
    const datagram = malformed(pool, random);
    sizeBytes = datagram.length;
    service.received(datagram, `192.0.2.${random.below(30)}`);
    if (++steps % 500 === 0) await clock.advance(1000);
  };
});
