import assert from 'node:assert/strict';
import { Registry } from '@prometheus-io/client';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { FakeEventRecorder } from '../../kube/events/fake-event-recorder.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { BrokenHardwareCache, FakeHardwareCache, fakeHardware } from '../hardware/fake-hardware.ts';
import { HardwareIndex } from '../hardware/hardware-index.ts';
import { decodePacket, encodePacket } from './codec/packet.ts';
import { type FakeClientOptions, fakeRequest } from './fake-client.ts';
import { fakeOptions, fromNowhere } from './fake-server.ts';
import { HardwareEvents } from './hardware-events.ts';
import { logDhcp } from './logs.ts';
import { measureDhcp } from './metrics.ts';
import { DhcpResponder, type ResponderOptions } from './responder.ts';

const mac = '02:00:5e:00:53:01';

describe('DhcpResponder', () => {
  let stops: (() => void)[];
  let cache: FakeHardwareCache;
  let clock: FakeClock;

  beforeEach(() => {
    stops = [];
    clock = new FakeClock();
    cache = new FakeHardwareCache(fakeHardware());
  });
  afterEach(() => {
    for (const stop of stops) stop();
  });

  const make = (options: Partial<ResponderOptions> = {}) =>
    new DhcpResponder({ ...fakeOptions, index: cache.index, clock, ...options });
  const ask = (responder: DhcpResponder, options: FakeClientOptions = {}) =>
    responder.respond(encodePacket(fakeRequest(options)), fromNowhere);

  it('answers bytes with bytes', () => {
    const answer = ask(make());
    assert.ok(answer !== undefined);
    assert.ok('packet' in decodePacket(answer.bytes));
    assert.deepEqual(answer.to, { address: 0xffffffff, port: 68 });
  });

  it('remembers what became of packets and why, the newest first, and no more than it should', () => {
    const responder = make({ journalSize: 3 });
    responder.respond(Buffer.of(1, 2, 3), { ...fromNowhere, address: 0x7f000001 });
    ask(responder);
    ask(responder, { mac: '02:00:5e:00:53:ff' });
    ask(responder, { boots: 'PXEClient' });
    const shown = responder.journal.recent().map(({ type, mac: from, reason, file }) => ({ type, from, reason, file }));
    assert.deepEqual(shown, [
      { type: 'DISCOVER', from: mac, reason: 'offered', file: 'ipxe.efi' },
      { type: 'DISCOVER', from: '02:00:5e:00:53:ff', reason: 'unknown-machine', file: undefined },
      { type: 'DISCOVER', from: mac, reason: 'offered', file: undefined },
    ]);
    assert.equal(responder.journal.recent(mac).length, 2);
    assert.equal(responder.journal.latest?.file, 'ipxe.efi');
  });

  it('says why bytes are no DHCP', () => {
    const responder = make();
    responder.respond(Buffer.of(1, 2, 3), { ...fromNowhere, address: 0x7f000001 });
    const told = responder.journal.latest;
    assert.equal(
      `${told?.from} ${told?.reason}: ${told?.detail}`,
      '127.0.0.1:68 malformed: 3 bytes are too few for DHCP',
    );
  });

  it('survives a broken cache and tells of it', () => {
    const warnings: string[] = [];
    stops.push(runtimeWarning.subscribe(({ what, error }) => warnings.push(`${what}: ${(error as Error).message}`)));
    const responder = make({ index: new HardwareIndex(new BrokenHardwareCache()) });
    assert.equal(ask(responder), undefined);
    assert.equal(responder.journal.latest?.reason, 'failed');
    assert.deepEqual(warnings, ['answering DHCP: the cache is broken by the fake']);
  });

  it('9.1 M: DECLINE becomes an event on the Hardware, once in a while', async () => {
    const recorder = new FakeEventRecorder();
    const events = new HardwareEvents(recorder, clock);
    const responder = make({ onExchange: (exchange) => events.tell(exchange) });
    const decline = { type: 'decline', requested: '192.0.2.11', server: '192.0.2.2' } as const;
    for (let times = 0; times < 5; times++) ask(responder, decline);
    const line = `Warning Hardware default/node-1 AddressDeclined: ${mac} declined its address: 192.0.2.11 is used by somebody else`;
    assert.deepEqual(recorder.lines, [line]);
    await clock.advance(600_000);
    ask(responder, decline);
    assert.deepEqual(recorder.lines, [line, line]);
  });

  it('9.1 M: two Hardware with one MAC become an event on both; unusable data one on the Hardware', () => {
    const recorder = new FakeEventRecorder();
    const events = new HardwareEvents(recorder, clock);
    const responder = make({ onExchange: (exchange) => events.tell(exchange) });
    cache.put(fakeHardware({ name: 'node-2' }));
    ask(responder);
    const reasons = () => recorder.events.map(({ regarding, reason }) => `${regarding.metadata.name} ${reason}`);
    assert.deepEqual(reasons(), ['node-1 AmbiguousMAC', 'node-2 AmbiguousMAC']);
    cache.delete(fakeHardware({ name: 'node-2' }));
    cache.put(fakeHardware({ dhcp: { ip: { address: '2001:db8::1' } } }));
    ask(responder);
    assert.equal(reasons().at(-1), 'node-1 DHCPDataUnusable');
    assert.match(recorder.lines.at(-1) ?? '', /2001:db8::1 is no IPv4 address/);
  });

  it('9.1 L: packets are counted, strangers make no series', async () => {
    const registry = new Registry();
    stops.push(measureDhcp(registry));
    const responder = make();
    ask(responder);
    ask(responder, { mac: '02:00:5e:00:53:ff' });
    for (const type of [99, 100]) ask(responder, { options: [{ code: 53, data: Buffer.of(type) }] });
    const lines = (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line));
    assert.deepEqual(lines.sort(), [
      'capt_dhcp_exchanges_total{outcome="answered",reason="offered"} 1',
      'capt_dhcp_exchanges_total{outcome="silent",reason="unknown-machine"} 1',
      'capt_dhcp_exchanges_total{outcome="silent",reason="unsupported-message"} 2',
      'dhcp_total{op="recv",type="DISCOVER"} 2',
      'dhcp_total{op="recv",type="other"} 2',
      'dhcp_total{op="send",type="OFFER"} 1',
    ]);
  });

  it('logs answers, and a silence when it is new', () => {
    const lines: string[] = [];
    const write = (level: string) => (fields: object, message: string) => {
      const { hardware, reason } = fields as { hardware?: string; reason?: string };
      lines.push(`${level} ${message}: ${reason} ${hardware ?? ''}`.trim());
    };
    const logger = {
      trace: write('trace'),
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    };
    stops.push(logDhcp(logger as never, { clock }));
    const responder = make();
    ask(responder);
    for (let times = 0; times < 2; times++) ask(responder, { mac: '02:00:5e:00:53:ff' });
    ask(responder, { type: 'decline' });
    assert.deepEqual(lines, [
      'info DHCP answered: offered default/node-1',
      'info DHCP not answered: unknown-machine',
      'debug DHCP not answered: unknown-machine',
      'warn DHCP not answered: declined default/node-1',
    ]);
  });
});
