import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import {
  ownerNameLabel,
  ownerNamespaceLabel,
  quarantineLabel,
  quarantineReasonAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';

import { decideClaim, explainNoChoice } from './decide-claim.ts';
import type { Candidate } from './predicate.ts';

interface HardwareOptions {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  namespace?: string;
  spec?: Partial<NonNullable<Hardware['spec']>>;
  deleted?: string;
}

function hardware(
  name: string,
  { labels, annotations, namespace = 'ns', spec, deleted }: HardwareOptions = {},
): Hardware {
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: {
      name,
      namespace,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(deleted ? { deletionTimestamp: deleted } : {}),
    },
    spec: {
      interfaces: [{ dhcp: { mac: '02:00:00:00:00:01', ip: { address: '192.0.2.1' } } }],
      disks: [{ device: '/dev/sda' }],
      ...spec,
    },
  };
}

function machine(spec: TinkerbellMachine['spec'] = {}): TinkerbellMachine {
  return {
    apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
    kind: 'TinkerbellMachine',
    metadata: { name: 'm', namespace: 'ns' },
    spec,
  };
}

const candidate = (of: Hardware, more: Partial<Candidate> = {}): Candidate => ({
  hardware: of,
  bmc: undefined,
  unfinished: [],
  ...more,
});
const term = (key: string, value: string) => ({ labelSelector: { matchLabels: { [key]: value } } });
const choose = (of: TinkerbellMachine, ...candidates: Candidate[]) => decideClaim(of, candidates).choice?.metadata.name;
const bmcRef = { kind: 'Machine', name: 'b' };
const bmc = (status?: 'True' | 'False', message?: string): Candidate['bmc'] => ({
  apiVersion: 'bmc.tinkerbell.org/v1alpha1',
  kind: 'Machine',
  metadata: { name: 'b' },
  status: { conditions: status ? [{ type: 'Contactable', status, ...(message ? { message } : {}) }] : [] },
});
const workflow: Candidate['unfinished'][number] = {
  apiVersion: 'tinkerbell.org/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'w', namespace: 'ns' },
};

describe('a claim', () => {
  it('takes the first by name of those that are equal, whatever their order', () => {
    const list = [candidate(hardware('b')), candidate(hardware('a')), candidate(hardware('c'))];
    assert.equal(choose(machine(), ...list), 'a');
    assert.equal(choose(machine(), ...list.reverse()), 'a');
  });

  it('CAPT hardware.go:283 – sums the weights of wishes and takes the greatest sum', () => {
    const preferred = [
      { weight: 40, hardwareAffinityTerm: term('rack', '1') },
      { weight: 40, hardwareAffinityTerm: term('fast', 'yes') },
      { weight: 70, hardwareAffinityTerm: term('new', 'yes') },
    ];
    const both = hardware('both', { labels: { rack: '1', fast: 'yes' } });
    const newer = hardware('a-new', { labels: { new: 'yes' } });
    assert.equal(choose(machine({ hardwareAffinity: { preferred } }), candidate(newer), candidate(both)), 'both');
  });

  it('CAPT hardware.go:227 – prefers its own namespace among equals', () => {
    const far = hardware('a', { namespace: 'other' });
    assert.equal(choose(machine(), candidate(far), candidate(hardware('b'))), 'b');
    assert.equal(choose(machine(), candidate(far)), 'a');
  });

  const obstacles: [string, Candidate, TinkerbellMachine, RegExp][] = [
    [
      'unowned',
      candidate(hardware('h', { labels: { [ownerNameLabel]: 'x', [ownerNamespaceLabel]: 'ns' } })),
      machine(),
      /belongs to TinkerbellMachine ns\/x/,
    ],
    ['staying', candidate(hardware('h', { deleted: '2026-01-01T00:00:00Z' })), machine(), /being deleted since 2026/],
    [
      'not quarantined',
      candidate(
        hardware('h', { labels: { [quarantineLabel]: 'true' }, annotations: { [quarantineReasonAnnotation]: 'dust' } }),
      ),
      machine(),
      /in quarantine: dust/,
    ],
    [
      'required affinity',
      candidate(hardware('h', { labels: { type: 'cp' } })),
      machine({ hardwareAffinity: { required: [term('type', 'worker'), term('type', 'any')] } }),
      /fit none of: type=worker; type=any/,
    ],
    [
      'address',
      candidate(hardware('h', { spec: { interfaces: [] } })),
      machine(),
      /spec\.interfaces\[0\]\.dhcp\.ip\.address/,
    ],
    ['disk', candidate(hardware('h', { spec: { disks: [] } })), machine(), /spec\.disks\[0\]\.device/],
    ['BMC', candidate(hardware('h', { spec: { bmcRef } })), machine(), /bmc Machine b does not exist/],
    ['BMC', candidate(hardware('h', { spec: { bmcRef } }), { bmc: bmc() }), machine(), /not been contacted yet/],
    [
      'BMC',
      candidate(hardware('h', { spec: { bmcRef } }), { bmc: bmc('False', 'timeout') }),
      machine(),
      /does not answer: timeout/,
    ],
    [
      'no other workflow',
      candidate(hardware('h'), { unfinished: [workflow] }),
      machine(),
      /Workflow ns\/w has not finished/,
    ],
    [
      'architecture',
      candidate(hardware('h')),
      machine({ hardwareRequirements: { architecture: 'arm64' } }),
      /is x86_64, not arm64/,
    ],
    [
      'size',
      candidate(hardware('h', { spec: { resources: { memory: '16Gi' } } })),
      machine({ hardwareRequirements: { minimum: { memory: '32Gi', cpu: 4 } } }),
      /memory is 17179869184, less than 32Gi, cpu is not known/,
    ],
  ];
  for (const [predicate, one, of, message] of obstacles) {
    it(`is refused by "${predicate}", with the reason ${message.source}`, () => {
      const { choice, verdicts } = decideClaim(of, [one]);
      assert.equal(choice, undefined);
      assert.deepEqual(
        verdicts[0]?.obstacles.map((each) => each.predicate),
        [predicate],
      );
      assert.match(verdicts[0]?.obstacles[0]?.message ?? '', message);
    });
  }

  it('takes what fulfils everything it asks for', () => {
    const good = hardware('good', {
      labels: { type: 'worker' },
      spec: { bmcRef, resources: { memory: '64Gi', cpu: 8 } },
    });
    const of = machine({
      hardwareAffinity: { required: [term('type', 'worker')] },
      hardwareRequirements: { architecture: 'amd64', minimum: { memory: '32Gi', cpu: 8 } },
    });
    assert.equal(choose(of, candidate(good, { bmc: bmc('True') })), 'good');
  });

  it('knows sizes from the agent and from the BMC when nobody declared them', () => {
    const byAgent = hardware('agent', {
      annotations: {
        'tinkerbell.org/agent-attributes': JSON.stringify({
          cpu: { totalCores: 4, totalThreads: 8 },
          memory: { total: '64GiB' },
          blockDevices: [{ size: 500e9 }, { size: '1TB' }],
        }),
      },
    });
    const byBmc = hardware('bmc');
    byBmc.status = {
      attributes: {
        outOfBand: { memory: { totalBytes: 2 ** 36 }, cpu: { totalThreads: 8 }, blockDevices: [{ sizeBytes: 2e12 }] },
      },
    };
    const of = machine({ hardwareRequirements: { minimum: { memory: '64Gi', cpu: 8, storage: '1.5T' } } });
    assert.equal(choose(of, candidate(byAgent)), 'agent');
    assert.equal(choose(of, candidate(byBmc)), 'bmc');
    const broken = hardware('broken', { annotations: { 'tinkerbell.org/agent-attributes': '{' } });
    assert.equal(choose(of, candidate(broken)), undefined);
  });

  it('says how many fail by what when there is no choice', () => {
    const owned = hardware('o', { labels: { [ownerNameLabel]: 'x' } });
    const { verdicts } = decideClaim(machine(), [
      candidate(owned),
      candidate(owned),
      candidate(hardware('h', { spec: { disks: [] } })),
    ]);
    assert.equal(explainNoChoice(verdicts), 'none of 3 Hardware can be taken: 2 fail "unowned", 1 fail "disk"');
    assert.equal(explainNoChoice([]), 'there is no Hardware');
  });
});
