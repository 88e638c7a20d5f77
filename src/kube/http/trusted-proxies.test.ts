import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { TrustedProxies } from './trusted-proxies.ts';

const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.9', '2001:db8::/32']);

describe('TrustedProxies', () => {
  for (const [what, peer, header, client] of [
    ['believes one value', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['takes the peer when the one value is none', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['does not believe who is no proxy', '198.51.100.7', '198.51.100.8', '198.51.100.7'],
    [
      'stops at the first from the right that is no proxy',
      '10.0.0.1',
      '198.51.100.8, 198.51.100.7, 10.2.3.4',
      '198.51.100.7',
    ],
    ['takes the leftmost when all are proxies', '192.0.2.9', '10.0.0.5,10.0.0.6', '10.0.0.5'],
    ['takes the last right one when another is none', '10.0.0.1', '198.51.100.8, x, 10.0.0.6', '10.0.0.6'],
    ['does not take ports', '10.0.0.1', '198.51.100.7:80', '10.0.0.1'],
    ['knows IPv6', '2001:db8::1', '2001:DB8:1::2, 2001:db8:0::3', '2001:db8:1::2'],
    ['goes by the peer without header', '10.0.0.1', undefined, '10.0.0.1'],
  ] as const) {
    it(what, () => assert.equal(proxies.clientOf(peer, header), client));
  }

  it('believes nobody when nobody is named', () => {
    assert.equal(new TrustedProxies([]).clientOf('10.0.0.1', '198.51.100.7'), '10.0.0.1');
  });

  for (const network of [
    '0.0.0.0/0',
    '::/0',
    '',
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    'proxy.example',
  ]) {
    it(`9.2 H identity is the source IP: refuses to trust ${JSON.stringify(network)}`, () => {
      assert.throws(() => new TrustedProxies(['10.0.0.0/8', network]), {
        name: 'RangeError',
        message: `no network that may be trusted: ${network}`,
      });
    });
  }

  it('never takes an address from the header of a stranger, whatever it holds', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.string(), (peer, header) => {
        fc.pre(!peer.startsWith('10.') && peer !== '192.0.2.9');
        assert.equal(proxies.clientOf(peer, header), peer);
      }),
    );
  });
});
