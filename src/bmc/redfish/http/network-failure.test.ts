import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { networkFailureOf } from './network-failure.ts';
import { AnswerTooLarge } from './transport.ts';

const failure = (code: string) => networkFailureOf(Object.assign(new Error('it broke'), { code }));

describe('a failure of the network', () => {
  const table: [string, string, RegExp][] = [
    ['ECONNREFUSED', 'unreachable', /it broke \(ECONNREFUSED\)/],
    ['UND_ERR_SOCKET', 'unreachable', /it broke/],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable', /it broke/],
    ['HPE_INVALID_CONSTANT', 'protocol', /not HTTP/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'protocol', /not trusted.*insecureTLS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'protocol', /not trusted/],
    ['CERT_HAS_EXPIRED', 'protocol', /not trusted/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'protocol', /not trusted/],
    ['EPROTO', 'protocol', /oldTLS/],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'protocol', /oldTLS/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'protocol', /does not speak it/],
  ];
  for (const [code, kind, text] of table) {
    it(`${code} is ${kind}`, () => {
      assert.equal(failure(code).kind, kind);
      assert.match(failure(code).text, text);
    });
  }

  it('is protocol for an answer beyond all measure, and unreachable for what nobody foresaw', () => {
    assert.equal(networkFailureOf(new AnswerTooLarge(5)).kind, 'protocol');
    assert.equal(networkFailureOf('odd').kind, 'unreachable');
  });
});
