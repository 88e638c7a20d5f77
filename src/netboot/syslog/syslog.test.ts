import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { FakeHardwareCache, fakeHardware } from '../hardware/fake-hardware.ts';
import { type SyslogLine, syslogLineChannel } from '../telemetry.ts';
import { parseSyslog, type SyslogMessage } from './message.ts';
import { SyslogService } from './syslog-service.ts';

const nothing = {
  timestamp: undefined,
  hostname: undefined,
  appName: undefined,
  processId: undefined,
  messageId: undefined,
};

function expect(text: string, rest: Partial<SyslogMessage> = {}): SyslogMessage {
  return { facility: 'daemon', severity: 'info', ...nothing, text, ...rest };
}

const cases: [string, string, SyslogMessage][] = [
  ['a bare text', '<30>hello', expect('hello')],
  ['an empty text', '<30>', expect('')],
  [
    'what iPXE writes',
    '<30>ipxe: http://192.0.2.1/auto.ipxe... ok',
    expect('http://192.0.2.1/auto.ipxe... ok', { appName: 'ipxe' }),
  ],
  [
    'RFC 3164 as it should be',
    '<30>Oct  1 22:14:15 node-1 dockerd[321]: started',
    expect('started', { hostname: 'node-1', appName: 'dockerd', processId: '321' }),
  ],
  [
    'RFC 3164 without a host',
    '<30>Oct 11 22:14:15 tink-agent[7]: {"a":1}',
    expect('{"a":1}', { appName: 'tink-agent', processId: '7' }),
  ],
  ['a stamp with a text that has no tag', '<30>Oct 11 22:14:15 some words only', expect('some words only')],
  [
    'RFC 5424',
    '<30>1 2026-11-21T09:00:00.123456Z node-1 dockerd 321 ID47 - started',
    expect('started', {
      timestamp: '2026-11-21T09:00:00.123456Z',
      hostname: 'node-1',
      appName: 'dockerd',
      processId: '321',
      messageId: 'ID47',
    }),
  ],
  ['RFC 5424 with nothing in it', '<30>1 - - - - - -', expect('')],
  ['RFC 5424 with a byte order mark', '<30>1 - - - - - - \uFEFFä', expect('ä')],
  [
    'RFC 5424 with structured data',
    '<30>1 - - app - - [a@1 x="1 ] \\" y"][b@2] text'.replace(' ]', ' \\]'),
    expect('text', { appName: 'app' }),
  ],
  ['RFC 5424 with structured data that is none', '<30>1 - - app - - [text', expect('[text', { appName: 'app' })],
  ['a line end', '<30>a: b\r\n\0', expect('b', { appName: 'a' })],
  ['bytes that are no UTF-8', '<30>\xff', expect('\ufffd')],
];

describe('parseSyslog', () => {
  for (const [name, line, expected] of cases) {
    const bytes = Buffer.from(line, name.startsWith('bytes') ? 'latin1' : 'utf8');
    it(`reads ${name}`, () => assert.deepEqual(parseSyslog(bytes), expected));
  }

  it('knows every priority there is, and none beyond', () => {
    assert.deepEqual(
      [parseSyslog(Buffer.from('<0>'))?.facility, parseSyslog(Buffer.from('<0>'))?.severity],
      ['kern', 'emerg'],
    );
    assert.deepEqual(
      [parseSyslog(Buffer.from('<191>'))?.facility, parseSyslog(Buffer.from('<191>'))?.severity],
      ['local7', 'debug'],
    );
    for (const line of ['', '<', '<>', '<1', '<192>x', '<1000>x', '<-1>x', '<a>x', '1>x', ' <30>x', '< 3>x']) {
      assert.equal(parseSyslog(Buffer.from(line)), undefined, line);
    }
  });

  it('9.1 H: a datagram of three bytes after a longer one reads nothing of the longer one', () => {
    const reused = Buffer.from('<30>a secret of another machine');
    assert.ok(parseSyslog(reused));
    reused.write('<30');
    assert.equal(parseSyslog(reused.subarray(0, 3)), undefined);
  });

  it('takes any bytes, quickly', () => {
    const tail = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('[', ']', '"', '\\', '=', ' ', 'a', '-', ':') }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('', '<30>', '<30>1 ', '<30>1 - - - - - ', '<30>Oct 11 22:14:15 '),
        tail,
        (head, rest) => {
          const message = parseSyslog(Buffer.from(head + rest));
          if (message !== undefined) assert.ok(message.text.length <= head.length + rest.length);
        },
      ),
    );
  });
});

describe('SyslogService', () => {
  let lines: SyslogLine[];
  let clock: FakeClock;
  let cache: FakeHardwareCache;
  const listen = (message: unknown) => lines.push(message as SyslogLine);

  beforeEach(() => {
    lines = [];
    clock = new FakeClock();
    cache = new FakeHardwareCache(fakeHardware());
    subscribe(syslogLineChannel, listen);
  });
  afterEach(() => unsubscribe(syslogLineChannel, listen));

  it('files a line under the machine that it comes from, whatever it says of itself', () => {
    const service = new SyslogService({ hardware: cache.index, clock });
    service.received(Buffer.from('<30>Oct 11 22:14:15 liar app: text'), '192.0.2.11');
    service.received(Buffer.from('<30>text'), '192.0.2.99');
    service.received(Buffer.from('nonsense'), '192.0.2.11');
    assert.deepEqual(
      lines.map(({ machine, address, message }) => [machine, address, message]),
      [
        ['default/node-1', '192.0.2.11', 'text'],
        [undefined, '192.0.2.99', 'text'],
      ],
    );
  });

  it('reads the JSON that HookOS writes, and leaves what only looks like it as text', () => {
    const service = new SyslogService({ hardware: cache.index, clock });
    service.received(Buffer.from('<30>tink-agent[1]: {"level":"info","msg":"started"}'), '192.0.2.11');
    service.received(Buffer.from('<30>{"level":'), '192.0.2.11');
    assert.deepEqual(
      lines.map(({ message }) => message),
      [{ level: 'info', msg: 'started' }, '{"level":'],
    );
  });

  it('drops what one address sends too fast, tells how much, and lets the others through', async () => {
    const warnings: string[] = [];
    const stop = runtimeWarning.subscribe(({ error }) => warnings.push(String(error)));
    const service = new SyslogService({ hardware: cache.index, clock, maxLinesPerSecond: 2 });
    for (let i = 0; i < 5; i++) service.received(Buffer.from('<30>x'), '192.0.2.11');
    service.received(Buffer.from('<30>x'), '192.0.2.12');
    assert.equal(lines.length, 3);
    await clock.advance(1000);
    service.received(Buffer.from('<30>x'), '192.0.2.11');
    stop();
    assert.equal(lines.length, 4);
    assert.deepEqual(warnings, ['Error: 3 lines came faster than 2 a second from one address']);
  });
});
