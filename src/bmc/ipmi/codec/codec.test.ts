import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { decodeAsf, encodeAsf } from './asf.ts';
import { checksum } from './checksum.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from './message.ts';
import { decodeOpenSessionResponse } from './open-session.ts';
import { decodeRakp1, decodeRakp2, decodeRakpProof, encodeRakp1, encodeRakp2 } from './rakp.ts';
import { describeRakpStatus } from './rakp-status.ts';
import { Malformed } from './reader.ts';
import { decodeRmcp, encodeRmcp, rmcpClass } from './rmcp.ts';
import { decodeSessionless15, encodeSessionless15 } from './session15.ts';
import { decodeSessionless20, decodeSessionPacket, encodeSessionHeader, encodeSessionless20 } from './session20.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const bytes = (maxLength: number, minLength = 0) =>
  fc.uint8Array({ maxLength, minLength }).map((array) => Buffer.from(array));
const byte = fc.integer({ min: 0, max: 255 });
const plain = { noNullPrototype: true } as const;
const id = fc.integer({ min: 0, max: 0xffffffff });

describe('RMCP', () => {
  it('pings as the specification says (IPMI v2.0 table 13-7)', () => {
    const ping = hex('06 00 ff 06 000011be 80 20 00 00');
    assert.deepEqual(encodeAsf({ type: 'ping', tag: 0x20 }), ping);
    assert.deepEqual(decodeAsf(decodeRmcp(ping).body), { type: 'ping', tag: 0x20 });
  });

  it('answers a ping as the specification says', () => {
    const pong = hex('06 00 ff 06 000011be 40 20 00 10 000011be 00000000 81 00 000000000000');
    assert.deepEqual(encodeAsf({ type: 'pong', tag: 0x20, ipmi: true }), pong);
    assert.deepEqual(decodeAsf(decodeRmcp(pong).body), { type: 'pong', tag: 0x20, ipmi: true });
  });

  const malformed: Record<string, [(bytes: Buffer) => unknown, string]> = {
    'nothing at all': [decodeRmcp, ''],
    'half a header': [decodeRmcp, '06 00 ff'],
    'another version of RMCP': [decodeRmcp, '05 00 ff 07'],
    'an acknowledgement': [decodeRmcp, '06 00 01 86'],
    'a class of a vendor': [decodeRmcp, '06 00 ff 08 00'],
    'another enterprise in ASF': [decodeAsf, '00001234 80 00 00 00'],
    'an ASF message of another type': [decodeAsf, '000011be 41 00 00 00'],
    'a pong without data': [decodeAsf, '000011be 40 00 00 00'],
    'an ASF message shorter than it says': [decodeAsf, '000011be 40 00 00 10 00'],
    'a v1.5 packet with a password': [decodeSessionless15, '04 00000000 00000000 00000000000000000000000000000000 00'],
    'a v1.5 packet of a session': [decodeSessionless15, '00 00000000 01000000 00'],
    'a v1.5 packet shorter than it says': [decodeSessionless15, '00 00000000 00000000 09 20'],
    'a v2.0 packet without a payload length': [decodeSessionPacket, '06 00 00000000 00000000 00'],
    'a v2.0 packet shorter than it says': [decodeSessionPacket, '06 00 00000000 00000000 ffff 00'],
    'a v2.0 packet of a session outside of one': [decodeSessionless20, '06 00 01000000 00000000 0000'],
    'ciphertext outside of a session': [decodeSessionless20, '06 c0 00000000 00000000 0000'],
    'a message without a command': [decodeRequest, '20 18 c8 81 00 7f'],
    'a message with a wrong header checksum': [decodeRequest, '20 18 c9 81 00 38 47'],
    'a message with a wrong checksum': [decodeRequest, '20 18 c8 81 00 38 00'],
    'a response for a request': [decodeRequest, '81 1c 63 20 00 38 00 a8'],
    'a request for a response': [decodeResponse, '20 18 c8 81 00 38 00 47'],
    'a response without a completion code': [decodeResponse, '81 1c 63 20 00 38 a8'],
    'algorithms in the wrong order': [
      decodeOpenSessionResponse,
      '00 00 04 00 01000000 02000000 0100000801000000 0000000801000000 0200000801000000',
    ],
    'a user name longer than IPMI allows': [decodeRakp1, `${'00'.repeat(27)} 11 ${'61'.repeat(17)}`],
    'a user name longer than the packet': [decodeRakp1, `${'00'.repeat(27)} 05 61`],
    'RAKP 2 without a GUID': [decodeRakp2, '00'.repeat(24)],
    'RAKP 4 without a session id': [decodeRakpProof, '00 00 00 00'],
  };
  for (const [what, [decode, text]] of Object.entries(malformed)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decode(hex(text)), Malformed);
    });
  }

  it('bears bytes after a v1.5 message, which some senders add', () => {
    assert.deepEqual(decodeSessionless15(hex('00 00000000 00000000 01 aa 00')), hex('aa'));
  });

  it('understands refusals of session set-up that end after the status', () => {
    assert.deepEqual(decodeOpenSessionResponse(hex('05 11')), { tag: 5, status: 0x11 });
    assert.equal(decodeRakp2(hex('05 0d')).status, 0x0d);
    assert.deepEqual(decodeRakpProof(hex('05 0f')), { tag: 5, status: 0x0f, sessionId: 0, authCode: Buffer.alloc(0) });
  });

  it('has words for every status of the specification, and for others', () => {
    for (let status = 1; status <= 0x12; status++)
      assert.doesNotMatch(describeRakpStatus(status).text, /unknown status/);
    assert.deepEqual(describeRakpStatus(0xc5), { text: 'unknown status (status 0xc5)', meaning: 'rejected' });
  });
});

describe('packets of IPMI', () => {
  it('come back as they went', () => {
    const netFn = fc.integer({ min: 0, max: 31 }).map((value) => value * 2);
    const sequence = fc.integer({ min: 0, max: 63 });
    const request = fc.record({ netFn, command: byte, sequence, data: bytes(200) }, plain);
    fc.assert(
      fc.property(request, byte, (message, completionCode) => {
        assert.deepEqual(decodeRequest(encodeRequest(message)), message);
        const response = { ...message, netFn: message.netFn + 1, completionCode };
        assert.deepEqual(decodeResponse(encodeResponse(response)), response);
        const sessionless = encodeSessionless15(encodeRequest(message));
        assert.deepEqual(decodeSessionless15(decodeRmcp(sessionless).body), encodeRequest(message));
      }),
    );
    fc.assert(
      fc.property(bytes(100), fc.integer({ min: 0, max: 63 }), (payload, type) => {
        const { class: kind, body } = decodeRmcp(encodeSessionless20(type, payload));
        assert.equal(kind, rmcpClass.ipmi);
        const packet = {
          payloadType: type,
          encrypted: false,
          authenticated: false,
          sessionId: 0,
          sequence: 0,
          payload,
        };
        assert.deepEqual(decodeSessionless20(body), packet);
      }),
    );
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        id,
        id,
        bytes(50),
        (encrypted, authenticated, sessionId, seq, payload) => {
          const packet = { payloadType: 0, encrypted, authenticated, sessionId, sequence: seq, payload };
          assert.deepEqual(decodeSessionPacket(encodeSessionHeader(packet)), packet);
        },
      ),
    );
  });

  it('come back as they went during session set-up', () => {
    const rakp1 = fc.record(
      {
        tag: byte,
        bmcSessionId: id,
        consoleRandom: bytes(16, 16),
        role: byte,
        username: bytes(16),
      },
      plain,
    );
    const rakp2 = fc.record(
      {
        tag: byte,
        status: fc.constant(0),
        consoleSessionId: id,
        bmcRandom: bytes(16, 16),
        guid: bytes(16, 16),
        authCode: bytes(32),
      },
      plain,
    );
    fc.assert(fc.property(rakp1, (message) => assert.deepEqual(decodeRakp1(encodeRakp1(message)), message)));
    fc.assert(fc.property(rakp2, (message) => assert.deepEqual(decodeRakp2(encodeRakp2(message)), message)));
  });

  it('have checksums that make the sum zero', () => {
    fc.assert(
      fc.property(bytes(100), (data) => {
        const sum = [...data, checksum(data)].reduce((total, value) => total + value, 0);
        assert.equal(sum % 256, 0);
      }),
    );
  });

  it('are decoded or refused, never anything else', () => {
    const decoders = [
      decodeRmcp,
      decodeAsf,
      decodeSessionless15,
      decodeSessionless20,
      decodeRequest,
      decodeResponse,
      decodeOpenSessionResponse,
      decodeRakp1,
      decodeRakp2,
      decodeRakpProof,
    ];
    fc.assert(
      fc.property(bytes(80), fc.constantFrom(...decoders), (data, decode) => {
        try {
          decode(encodeRmcp({ class: rmcpClass.ipmi, body: data }));
          decode(data);
        } catch (error) {
          assert.ok(error instanceof Malformed);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
