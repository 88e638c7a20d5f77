import assert from 'node:assert/strict';
import { Command } from 'commander';
import { afterEach, describe, it } from 'mocha';
import { addServeFlags, type ServeFlags } from './flags.ts';

function parse(...parameters: string[]): ServeFlags {
  const command = addServeFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(parameters, { from: 'user' }).opts<ServeFlags>();
}

const variables = ['TINKERBELL_TRUSTED_PROXIES', 'TINKERBELL_TOOTLES_INSTANCE_ENDPOINT'];

describe('the flags of metadata', () => {
  afterEach(() => {
    for (const variable of variables) delete process.env[variable];
  });

  it('trust nobody and open nothing by default', () => {
    const { trustedProxies, tootlesInstanceEndpoint, tootlesInstanceSecrets, tootlesMorePorts } = parse();
    assert.deepEqual(
      [trustedProxies, tootlesInstanceEndpoint, tootlesInstanceSecrets, tootlesMorePorts],
      [[], false, false, []],
    );
  });

  it('are read from the command line, and from the environment as the original reads it', () => {
    const flags = parse('--trusted-proxies', '10.0.0.0/8, 2001:db8::1', '--tootles-more-ports', '50061,7172');
    assert.deepEqual(flags.trustedProxies, ['10.0.0.0/8', '2001:db8::1']);
    assert.deepEqual(flags.tootlesMorePorts, [50_061, 7172]);
    process.env['TINKERBELL_TRUSTED_PROXIES'] = '192.0.2.0/24';
    process.env['TINKERBELL_TOOTLES_INSTANCE_ENDPOINT'] = 'false';
    assert.deepEqual([parse().trustedProxies, parse().tootlesInstanceEndpoint], [['192.0.2.0/24'], false]);
    process.env['TINKERBELL_TOOTLES_INSTANCE_ENDPOINT'] = 'true';
    assert.equal(parse().tootlesInstanceEndpoint, true);
    assert.equal(parse('--tootles-instance-endpoint').tootlesInstanceEndpoint, true);
  });

  it('9.2 H identity is the source IP: a proxy that everybody is behind is refused, and said which', () => {
    assert.throws(
      () => parse('--trusted-proxies', '10.0.0.0/8,0.0.0.0/0'),
      /no network that may be trusted: 0\.0\.0\.0\/0\./,
    );
    assert.throws(() => parse('--tootles-more-ports', '50061,x'), /must be a number from 0 to 65535/);
  });
});
