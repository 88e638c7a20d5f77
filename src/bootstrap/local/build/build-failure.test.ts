import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { buildFailure } from './build-failure.ts';

const failure = (...tail: string[]) =>
  buildFailure({ title: 'Kubernetes', step: 'compiling', exitCode: 1, tail, path: '/cache' });

describe('a failed build', () => {
  for (const line of [
    'go: k8s.io/api@v0.36.3: Get "https://proxy.example/k8s.io/api": dial tcp: lookup proxy.example: no such host',
    'go: x@v1: Get "https://proxy.example/x": dial tcp 192.0.2.1:443: connect: connection refused',
    'go: x@v1: Get "https://proxy.example/x": net/http: TLS handshake timeout',
    'go: x@v1: Get "https://proxy.example/x": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'main.go:4:2: x@v1: Get "https://proxy.example/x": dial tcp [::1]:443: i/o timeout',
    'go: x@v1: module lookup disabled by GOPROXY=off',
    'go: x@v1: reading https://proxy.example/x: 502 Bad Gateway',
  ]) {
    it(`names the module proxy for: ${line.slice(0, 60)}…`, () => {
      const error = failure('something before', line, 'something after');
      assert.equal(error.code, 'MODULE_PROXY_UNREACHABLE');
      assert.ok(error.message.includes(line));
    });
  }

  it('names the full disk, which also shows as other errors', () => {
    const error = failure('go: x@v1: dial tcp: no such host', 'link: write /cache/x: no space left on device');
    assert.equal(error.code, 'DISK_FULL');
    assert.match(error.message, /\/cache \(compiling\)/);
    assert.match(error.hint, /CAPT_CACHE_DIR/);
  });

  it('shows the last lines of anything else', () => {
    const error = failure(...Array.from({ length: 40 }, (_, index) => `line ${index}`));
    assert.equal(error.code, 'GO_BUILD_FAILED');
    assert.match(error.message, /exit code 1/);
    assert.ok(error.message.includes('line 39'));
    assert.ok(!error.message.includes('line 20\n'));
  });

  it('does not take a test of a network error in source code for one', () => {
    assert.equal(failure('x.go:3:4: undefined: dial tcp').code, 'GO_BUILD_FAILED');
  });
});
