import assert from 'node:assert/strict';
import { Command } from 'commander';
import { describe, it } from 'mocha';
import { addServeFlags, type ServeFlags } from './flags.ts';

function parse(...parameters: string[]): ServeFlags {
  const command = addServeFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(parameters, { from: 'user' }).opts<ServeFlags>();
}

describe('the flags of CAPT', () => {
  it('keep their names beside those of Tinkerbell', () => {
    const flags = parse('--namespace=a', '--leader-elect', '--leader-elect-lease-duration=30s', '--watch-filter=b');
    assert.equal(flags.backendKubeNamespace, 'a');
    assert.equal(flags.leaderElection, true);
    assert.deepEqual(
      [flags.leaderElectLeaseDuration, flags.leaderElectRenewDeadline, flags.leaderElectRetryPeriod],
      [30, 10, 2],
    );
    assert.equal(flags.watchFilter, 'b');
  });

  it('read addresses as Go does', () => {
    assert.deepEqual(parse('--health-addr', ':9440').healthAddr, { port: 9440 });
    assert.deepEqual(parse('--health-addr', '[::1]:1').healthAddr, { host: '::1', port: 1 });
    assert.deepEqual(parse('--metrics-bind-addr', 'localhost:8080').metricsBindAddr, { host: '127.0.0.1', port: 8080 });
    for (const wrong of ['9440', 'nowhere:1', '::1:1', ':65536']) {
      assert.throws(() => parse('--health-addr', wrong), /must be/, wrong);
    }
  });
});
