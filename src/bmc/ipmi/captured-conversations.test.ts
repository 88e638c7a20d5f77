import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Conversation, withIpmiSim, withVirtualBmc } from './captured-conversations.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from './codec/message.ts';
import {
  decodeOpenSessionRequest,
  decodeOpenSessionResponse,
  encodeOpenSessionRequest,
  encodeOpenSessionResponse,
} from './codec/open-session.ts';
import { decodeRakp1, decodeRakp2, decodeRakpProof, encodeRakp1, encodeRakp2, encodeRakpProof } from './codec/rakp.ts';
import { Malformed } from './codec/reader.ts';
import { decodeRmcp } from './codec/rmcp.ts';
import { decodeSessionless15, encodeSessionless15 } from './codec/session15.ts';
import { decodeSessionless20, encodeSessionless20, payloadType } from './codec/session20.ts';
import { decodeChannelAuthentication } from './command/channel.ts';
import { decodeChassisStatus } from './command/chassis.ts';
import { decodeDeviceId } from './command/device-id.ts';
import { cipherSuiteById, cipherSuiteOf } from './crypto/cipher-suite.ts';
import {
  type HandshakeFacts,
  rakp2AuthCode,
  rakp3AuthCode,
  rakp4Check,
  sessionIntegrityKey,
  sessionKeys,
  userKey,
} from './crypto/handshake-hashes.ts';

const payloadOf = (datagram: Buffer) => decodeSessionless20(decodeRmcp(datagram).body).payload;

function factsOf(conversation: Conversation): HandshakeFacts {
  const request = decodeOpenSessionRequest(payloadOf(conversation.openSessionRequest));
  const response = decodeOpenSessionResponse(payloadOf(conversation.openSessionResponse));
  const { consoleRandom, role, username } = decodeRakp1(payloadOf(conversation.rakp1));
  const { bmcRandom, guid } = decodeRakp2(payloadOf(conversation.rakp2));
  const suite = cipherSuiteById(conversation.suite);
  assert.ok(response.bmcSessionId !== undefined && suite !== undefined);
  const { consoleSessionId, bmcSessionId } = response;
  assert.equal(request.consoleSessionId, consoleSessionId);
  assert.equal(cipherSuiteOf(request.algorithms), suite);
  return { suite, consoleSessionId, bmcSessionId, consoleRandom, bmcRandom, guid, role, username };
}

function keysOf(conversation: Conversation) {
  const facts = factsOf(conversation);
  return sessionKeys(facts.suite, sessionIntegrityKey(facts, userKey(conversation.password)));
}

for (const [name, conversation] of Object.entries({ withIpmiSim, withVirtualBmc })) {
  describe(`ipmitool's conversation ${name}, cipher suite ${conversation.suite}`, () => {
    it('begins with a command outside of any session', () => {
      const request = decodeRequest(decodeSessionless15(decodeRmcp(conversation.channelRequest).body));
      assert.deepEqual(request, { netFn: 6, command: 0x38, sequence: 0, data: Buffer.of(0x8e, 4) });
      assert.deepEqual(encodeSessionless15(encodeRequest(request)), conversation.channelRequest);
      const response = decodeResponse(decodeSessionless15(decodeRmcp(conversation.channelResponse).body));
      assert.deepEqual(decodeChannelAuthentication(response.data), { v20: true, needsBmcKey: false });
      assert.deepEqual(encodeSessionless15(encodeResponse(response)), conversation.channelResponse);
    });

    it('sets a session up in messages that we would write the same', () => {
      const { openSessionRequest, openSessionResponse, rakp1, rakp2, rakp3, rakp4 } = conversation;
      const same = <T>(datagram: Buffer, type: number, decode: (b: Buffer) => T, encode: (v: T) => Buffer) =>
        assert.deepEqual(encodeSessionless20(type, encode(decode(payloadOf(datagram)))), datagram);
      const type = payloadType;
      same(openSessionRequest, type.openSessionRequest, decodeOpenSessionRequest, encodeOpenSessionRequest);
      same(openSessionResponse, type.openSessionResponse, decodeOpenSessionResponse, encodeOpenSessionResponse);
      same(rakp1, type.rakp1, decodeRakp1, encodeRakp1);
      same(rakp2, type.rakp2, decodeRakp2, encodeRakp2);
      same(rakp3, type.rakp3, decodeRakpProof, encodeRakpProof);
      same(rakp4, type.rakp4, decodeRakpProof, encodeRakpProof);
    });

    it('proves knowledge of the password by codes that we would make the same', () => {
      const facts = factsOf(conversation);
      const key = userKey(conversation.password);
      assert.equal(facts.username.toString(), conversation.username);
      assert.deepEqual(decodeRakp2(payloadOf(conversation.rakp2)).authCode, rakp2AuthCode(facts, key));
      assert.deepEqual(decodeRakpProof(payloadOf(conversation.rakp3)).authCode, rakp3AuthCode(facts, key));
      const check = rakp4Check(facts, sessionIntegrityKey(facts, key));
      assert.deepEqual(decodeRakpProof(payloadOf(conversation.rakp4)).authCode, check);
      assert.notDeepEqual(rakp2AuthCode(facts, userKey('wrong')), rakp2AuthCode(facts, key));
    });

    it('goes on in packets that we can open', () => {
      const keys = keysOf(conversation);
      const open = (datagram: Buffer) => keys.open(decodeRmcp(datagram).body);
      const privilege = decodeRequest(open(conversation.privilegeRequest).payload);
      assert.deepEqual(privilege, { netFn: 6, command: 0x3b, sequence: 1, data: Buffer.of(4) });
      const granted = decodeResponse(open(conversation.privilegeResponse).payload);
      assert.deepEqual(granted, { ...privilege, netFn: 7, completionCode: 0 });
      const deviceId = decodeDeviceId(decodeResponse(open(conversation.deviceIdResponse).payload).data);
      assert.equal(deviceId.productId, conversation.suite === 3 ? 0x0f02 : 1);
      const status = decodeChassisStatus(decodeResponse(open(conversation.statusResponse).payload).data);
      assert.equal(status.powerOn, conversation.suite === 3);
      const close = decodeRequest(open(conversation.closeRequest).payload);
      assert.equal(close.data.readUInt32LE(), factsOf(conversation).bmcSessionId);
      assert.equal(decodeResponse(open(conversation.closeResponse).payload).completionCode, 0);
    });

    it('has packets of which no bit can be changed', () => {
      const keys = keysOf(conversation);
      const { body } = decodeRmcp(conversation.statusResponse);
      for (let bit = 0; bit < body.length * 8; bit++) {
        const forged = Buffer.from(body);
        forged.writeUInt8((forged[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
        assert.throws(() => keys.open(forged), Malformed);
      }
      for (let length = 0; length < body.length; length++) {
        assert.throws(() => keys.open(body.subarray(0, length)), Malformed);
      }
      assert.throws(() => keys.open(Buffer.concat([body, Buffer.alloc(4)])), Malformed);
    });
  });
}
