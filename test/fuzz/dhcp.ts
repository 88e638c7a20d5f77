/**
 * Throws packets at the DHCP server that are broken in their bytes or their meaning, or are not:
 * `PACKETS=1000000 SEED=1 npm run fuzz:dhcp`. Nothing may crash, hang or grow, and every answer must be a packet that
 * goes to who asked.
 */
import assert from 'node:assert/strict';
import { runtimeWarning } from '../../src/kube/telemetry/channels.ts';
import { optionCode } from '../../src/netboot/dhcp/codec/option.ts';
import { type DhcpPacket, decodePacket, maxPacketBytes, operation } from '../../src/netboot/dhcp/codec/packet.ts';
import { fakeOptions, fakeProxyOptions } from '../../src/netboot/dhcp/fake-server.ts';
import { DhcpResponder } from '../../src/netboot/dhcp/responder.ts';
import { Random } from '../faults/random.ts';
import { fuzzMachines, randomDatagram, randomOrigin } from './dhcp-mutation.ts';

const packets = Number(process.env.PACKETS ?? 1_000_000);
const seed = Number(process.env.SEED ?? 1);
/** Heap that may be had more at the end than when everything was warm. */
const growthMebibytes = 20;
/** One packet may take so long, in a process that is interrupted now and then. */
const longestMs = 1000;

const random = new Random(seed);
const { index } = fuzzMachines();
const responders = [fakeOptions, fakeProxyOptions].map((options) => new DhcpResponder({ ...options, index }));
const reasons = new Map<string, number>();

// The cache never fails here: whatever is warned of is a bug.
runtimeWarning.subscribe(({ what, error }) => {
  process.stderr.write(`seed ${seed}: ${what}: ${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});

const started = performance.now();
let warm = 0;
for (let done = 0; done < packets; done++) {
  if (done === Math.floor(packets / 5)) warm = heapMebibytes();
  one();
}
const grown = heapMebibytes() - warm;
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${packets} packets (seed ${seed}) in ${seconds.toFixed(1)} s; heap grew by ${grown.toFixed(1)} MiB\n` +
    `${[...reasons]
      .sort((a, b) => b[1] - a[1])
      .map(([reason, count]) => `  ${reason}: ${count}`)
      .join('\n')}\n`,
);
assert.ok(grown < growthMebibytes, `the heap grew by ${grown.toFixed(1)} MiB`);

function one(): void {
  const bytes = randomDatagram(random);
  const origin = randomOrigin(random);
  const responder = random.pick(responders);
  const before = performance.now();
  const answer = responder.respond(bytes, origin);
  const what = `seed ${seed}, packet ${bytes.toString('hex')}`;
  assert.ok(performance.now() - before < longestMs, `${what} took long`);
  const told = responder.journal.latest;
  assert.ok(told !== undefined);
  reasons.set(told.reason, (reasons.get(told.reason) ?? 0) + 1);
  assert.equal(told.outcome === 'answered', answer !== undefined, what);
  if (answer === undefined) return;
  const request = packetOf(bytes, what);
  const reply = packetOf(answer.bytes, what);
  assert.equal(reply.op, operation.reply, what);
  assert.equal(reply.xid, request.xid, what);
  assert.deepEqual(reply.chaddr, request.chaddr, what);
  assert.equal(reply.giaddr, request.giaddr, what);
  assert.deepEqual(
    find(reply, optionCode.relayAgentInformation),
    find(request, optionCode.relayAgentInformation),
    what,
  );
  if (request.giaddr !== 0) assert.deepEqual(answer.to, { address: request.giaddr, port: 67 }, what);
}

function packetOf(bytes: Buffer, what: string): DhcpPacket {
  // An answer may be longer than what clients send: it repeats options of theirs.
  const decoded = decodePacket(bytes.length > maxPacketBytes ? bytes.subarray(0, maxPacketBytes) : bytes);
  assert.ok('packet' in decoded, what);
  return decoded.packet;
}

function find({ options }: DhcpPacket, code: number): Buffer | undefined {
  return options.find((option) => option.code === code)?.data;
}

function heapMebibytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
