import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Machine } from '../bmc/v1alpha1/machine.ts';
import { TinkerbellCluster } from '../infrastructure/v1beta1/tinkerbell-cluster.ts';
import type { TinkerbellClusterSpec } from '../infrastructure/v1beta1/tinkerbell-cluster-spec.ts';
import { Hardware } from '../tinkerbell/v1alpha1/hardware.ts';
import { applyDefaults, applySchemaDefaults } from './defaults.ts';

const cluster = (spec?: TinkerbellClusterSpec): TinkerbellCluster => ({
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
  kind: 'TinkerbellCluster',
  metadata: { name: 'demo' },
  ...(spec === undefined ? {} : { spec }),
});

const format = '{{.BaseRegistry}}/{{.OSDistro}}-{{.OSVersion}}:{{.KubernetesVersion}}.gz';
const registry = 'ghcr.io/tinkerbell/cluster-api-provider-tinkerbell';

describe('applyDefaults', () => {
  const cases: { name: string; given: TinkerbellClusterSpec; expected: TinkerbellClusterSpec }[] = [
    {
      name: 'all image fields',
      given: {},
      expected: {
        imageLookupBaseRegistry: registry,
        imageLookupFormat: format,
        imageLookupOSDistro: 'ubuntu',
        imageLookupOSVersion: '20.04',
      },
    },
    {
      name: 'the version of Ubuntu however it is written',
      given: { imageLookupOSDistro: 'UBUNTU' },
      expected: {
        imageLookupBaseRegistry: registry,
        imageLookupFormat: format,
        imageLookupOSDistro: 'UBUNTU',
        imageLookupOSVersion: '20.04',
      },
    },
    {
      name: 'no version of another distribution',
      given: { imageLookupOSDistro: 'flatcar', imageLookupFormat: 'x', imageLookupBaseRegistry: '' },
      expected: { imageLookupBaseRegistry: '', imageLookupFormat: 'x', imageLookupOSDistro: 'flatcar' },
    },
  ];
  for (const { name, given, expected } of cases) {
    it(`fills in ${name}`, () => {
      const once = applyDefaults(TinkerbellCluster, cluster(given));
      assert.deepEqual(once.spec, expected);
      assert.deepEqual(applyDefaults(TinkerbellCluster, once), once);
    });
  }

  it('needs the parent to be there', () => {
    assert.deepEqual(applyDefaults(TinkerbellCluster, cluster()), cluster());
  });

  it('reaches into lists and leaves the given object as it was', () => {
    const given: Hardware = {
      apiVersion: 'tinkerbell.org/v1alpha1',
      kind: 'Hardware',
      metadata: { name: 'a' },
      spec: { auto: {}, interfaces: [{}, { disableDhcp: true }] },
    };
    const before = structuredClone(given);
    assert.deepEqual(applyDefaults(Hardware, given).spec, {
      auto: { enrollmentEnabled: false },
      interfaces: [{ disableDhcp: false }, { disableDhcp: true }],
    });
    assert.deepEqual(given, before);
  });

  it('takes null for absent, as the API server does', () => {
    const given = { apiVersion: 'tinkerbell.org/v1alpha1', kind: 'Hardware', metadata: { name: 'a' } };
    const spec = { agentID: null, interfaces: [{ disableDhcp: null }], resources: { cpu: null, memory: '1Gi' } };
    const { spec: filled } = applyDefaults(Hardware, { ...given, spec } as unknown as Hardware);
    assert.deepEqual(filled, { interfaces: [{ disableDhcp: false }], resources: { memory: '1Gi' } });
  });

  it('keeps to the schema when asked to', () => {
    const spec = applySchemaDefaults(TinkerbellCluster, cluster({})).spec;
    assert.deepEqual(spec, { imageLookupBaseRegistry: registry, imageLookupOSDistro: 'ubuntu' });
  });

  it('gives a BMC its port and AMT its scheme', () => {
    const machine: Machine = {
      apiVersion: 'bmc.tinkerbell.org/v1alpha1',
      kind: 'Machine',
      metadata: { name: 'a' },
      spec: { connection: { host: 'h', insecureTLS: true, providerOptions: { intelAMT: {} } } },
    };
    assert.deepEqual(applyDefaults(Machine, machine).spec?.connection, {
      host: 'h',
      insecureTLS: true,
      port: 623,
      providerOptions: { intelAMT: { hostScheme: 'http' } },
    });
  });
});
