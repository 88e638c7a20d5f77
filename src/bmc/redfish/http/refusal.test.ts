import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Peer } from '../peer.ts';
import { Answer } from './answer.ts';
import { refusalOf } from './refusal.ts';

function refusal(status: number, id?: string, headers: Record<string, string> = {}) {
  const json =
    id === undefined ? {} : { error: { '@Message.ExtendedInfo': [{ MessageId: `Base.1.8.${id}`, Message: 'Text.' }] } };
  const answer = new Answer({ status, headers, body: Buffer.from(JSON.stringify(json)) }, 1000);
  return refusalOf(answer, 'power on', new Peer('bmc', 443), 0);
}

describe('the kind of a refusal', () => {
  const table: [number, string | undefined, string][] = [
    [400, undefined, 'rejected'],
    [409, undefined, 'rejected'],
    [412, undefined, 'rejected'],
    [401, undefined, 'unauthorized'],
    [403, 'InsufficientPrivilege', 'unauthorized'],
    [403, 'OemLicenseNotPassed', 'unsupported'],
    [400, 'UnauthorizedLoginAttempt', 'unauthorized'],
    [404, undefined, 'unsupported'],
    [405, undefined, 'unsupported'],
    [501, undefined, 'unsupported'],
    [400, 'ActionNotSupported', 'unsupported'],
    [429, undefined, 'busy'],
    [503, undefined, 'busy'],
    [409, 'ResourceInUse', 'busy'],
    [500, undefined, 'unreachable'],
    [502, undefined, 'unreachable'],
    [504, undefined, 'unreachable'],
    [304, undefined, 'protocol'],
    [999, undefined, 'protocol'],
  ];
  for (const [status, id, kind] of table) {
    it(`is ${kind} for ${status} ${id ?? ''}`, () => assert.equal(refusal(status, id).kind, kind));
  }

  it('comes with what the BMC says, and how long to wait', () => {
    const error = refusal(503, 'ServiceTemporarilyUnavailable', { 'retry-after': '7' });
    assert.equal(error.message, 'BMC bmc:443 (Redfish): power on: HTTP 503: Text.');
    assert.equal(error.retryAfterSeconds, 7);
    assert.equal(refusal(400, undefined, { 'retry-after': '7' }).retryAfterSeconds, undefined);
  });
});
