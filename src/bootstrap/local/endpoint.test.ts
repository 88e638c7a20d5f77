import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { serverUrl } from './endpoint.ts';

describe('the address of the API server', () => {
  for (const [listen, url] of [
    ['127.0.0.1', 'https://127.0.0.1:6443'],
    ['192.0.2.1', 'https://192.0.2.1:6443'],
    ['0.0.0.0', 'https://127.0.0.1:6443'],
    ['::', 'https://[::1]:6443'],
    ['2001:db8::1', 'https://[2001:db8::1]:6443'],
  ] as const) {
    it(`is ${url} when it listens on ${listen}`, () => assert.equal(serverUrl(listen, 6443), url));
  }
});
