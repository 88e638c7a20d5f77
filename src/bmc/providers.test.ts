import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Connection } from '../api/bmc/v1alpha1/connection.ts';
import { FakeBmc, FakeDriver } from './fake-driver.ts';
import { bmcKeyOf, orderedProviders, providersOf } from './providers.ts';

const connection: Connection = { host: 'bmc', insecureTLS: false };
const bmcs = new Map([['bmc', new FakeBmc()]]);

function rig() {
  const drivers = { ipmi: new FakeDriver(bmcs, 'ipmi'), redfish: new FakeDriver(bmcs, 'redfish') };
  return { ...drivers, providers: providersOf(drivers) };
}

describe('the ways to speak to a BMC', () => {
  const order = (providerOptions: NonNullable<Connection['providerOptions']>) =>
    orderedProviders(rig().providers, { ...connection, providerOptions }).map(({ name }) => name);

  it('come in the order that is preferred, whatever the case of its letters', () => {
    assert.deepEqual(order({}), ['ipmi', 'redfish']);
    assert.deepEqual(order({ preferredOrder: ['GoFish'] }), ['redfish', 'ipmi']);
    assert.deepEqual(order({ preferredOrder: ['IntelAMT', 'dell', 'ipmitool'] }), ['redfish', 'ipmi']);
  });

  it('are none where something else stands for the BMC', () => {
    assert.throws(() => order({ rpc: { consumerURL: 'http://x' } }), /none of the ways .* rpc/);
    assert.throws(() => order({ homeassistant: { switchEntityID: 'switch.x' } }), /homeassistant/);
    assert.throws(() => orderedProviders([], connection), /no driver is configured/);
  });

  it('M machine.go:101,110: read the ports, and whether any certificate will do', async () => {
    const { ipmi, redfish, providers } = rig();
    const { login } = bmcs.get('bmc') as FakeBmc;
    const call = { signal: new AbortController().signal };
    const open = (given: Partial<Connection>) =>
      Promise.all(providers.map((provider) => provider.open({ ...connection, ...given }, login, call)));
    await open({});
    await open({ port: 6230, insecureTLS: true, providerOptions: { redfish: { port: 8443, systemName: 'b1' } } });
    await open({
      port: 0,
      providerOptions: { ipmitool: { port: 7, cipherSuite: '3' }, redfish: { useBasicAuth: true } },
    });
    assert.deepEqual(
      ipmi.opened.map(({ target }) => target.port),
      [623, 6230, 7],
    );
    assert.deepEqual(
      redfish.opened.map(({ target }) => target.port),
      [443, 8443, 443],
    );
    assert.deepEqual(
      redfish.opened.map(({ options }) => options['insecureTLS']),
      [false, true, false],
    );
    assert.equal(redfish.opened[1]?.options['systemName'], 'b1');
    assert.equal(redfish.opened[2]?.options['useBasicAuth'], true);
    assert.equal(ipmi.opened[2]?.options['cipherSuite'], 3);
  });

  it('lead to the same BMC by the same key', () => {
    assert.equal(bmcKeyOf({ ...connection, host: 'BMC' }), bmcKeyOf({ ...connection, port: 623 }));
    assert.notEqual(bmcKeyOf(connection), bmcKeyOf({ ...connection, port: 6230 }));
  });
});
