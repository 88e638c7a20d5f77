import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Peer } from './peer.ts';

describe('errors about a BMC', () => {
  it('name it and what was done, and keep what they are told to', () => {
    const error = new Peer('10.0.0.7', 443).error('busy', 'login: HTTP 503', { retryAfterSeconds: 5 });
    assert.equal(error.message, 'BMC 10.0.0.7:443 (Redfish): login: HTTP 503');
    assert.equal(error.kind, 'busy');
    assert.equal(error.retryAfterSeconds, 5);
    assert.match(new Peer('fe80::1', 443).name, /\[fe80::1\]:443/);
  });

  it('never show a secret, not even one that the BMC repeats', () => {
    const peer = new Peer('bmc', 443);
    for (const secret of ['hunter2', 'hunter2hunter2', '']) peer.keepSecret(secret);
    assert.match(
      peer.error('rejected', 'wrong: hunter2hunter2, also hunter2!').message,
      /wrong: \*\*\*, also \*\*\*!$/,
    );
  });

  it('are one line of bounded length', () => {
    const { message } = new Peer('bmc', 443).error('rejected', `a\u0000b\r\n\u202ec${'x'.repeat(10_000)}`);
    assert.match(message, /: a b c/);
    assert.ok(message.length < 700, String(message.length));
  });
});
