import assert from 'node:assert/strict';
import { decodeOpenSessionResponse } from '../../src/bmc/ipmi/codec/open-session.ts';
import { decodeRakp1, decodeRakp2 } from '../../src/bmc/ipmi/codec/rakp.ts';
import { decodeRmcp } from '../../src/bmc/ipmi/codec/rmcp.ts';
import { decodeSessionPacket, payloadType, rmcpPlus } from '../../src/bmc/ipmi/codec/session20.ts';
import { cipherSuiteOf } from '../../src/bmc/ipmi/crypto/cipher-suite.ts';
import { sessionIntegrityKey, sessionKeys, userKey } from '../../src/bmc/ipmi/crypto/handshake-hashes.ts';
import type { SessionKeys } from '../../src/bmc/ipmi/crypto/session-keys.ts';

/** Somebody who has listened to the handshake and knows the password: can say anything in the name of either side. */
export interface Insider {
  keys: SessionKeys;
  consoleSessionId: number;
  bmcSessionId: number;
}

/** The keys of the last session in `traffic`. */
export function insiderOf(traffic: readonly { bytes: Buffer }[], password: string): Insider {
  const last = (type: number): Buffer => {
    const found = traffic.findLast(({ bytes }) => setUpPayload(bytes, type) !== undefined);
    const payload = found && setUpPayload(found.bytes, type);
    assert.ok(payload);
    return payload;
  };
  const opened = decodeOpenSessionResponse(last(payloadType.openSessionResponse));
  assert.ok(opened.bmcSessionId !== undefined);
  const { consoleSessionId, bmcSessionId } = opened;
  const suite = cipherSuiteOf(opened.algorithms);
  assert.ok(suite);
  const { consoleRandom, role, username } = decodeRakp1(last(payloadType.rakp1));
  const { bmcRandom, guid } = decodeRakp2(last(payloadType.rakp2));
  const facts = { suite, consoleSessionId, bmcSessionId, consoleRandom, bmcRandom, guid, role, username };
  return { keys: sessionKeys(suite, sessionIntegrityKey(facts, userKey(password))), consoleSessionId, bmcSessionId };
}

/** Whether a datagram is a sealed packet. */
export function isSealed(datagram: Buffer): boolean {
  const { body } = decodeRmcp(datagram);
  return body[0] === rmcpPlus && decodeSessionPacket(body).sessionId !== 0;
}

function setUpPayload(datagram: Buffer, type: number): Buffer | undefined {
  const { body } = decodeRmcp(datagram);
  if (body[0] !== rmcpPlus) return undefined;
  const packet = decodeSessionPacket(body);
  return packet.sessionId === 0 && packet.payloadType === type ? packet.payload : undefined;
}
