import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { arbitraryObject } from '../../../test/support/api-arbitrary.ts';
import { rejects } from '../../../test/support/api-rejects.ts';
import { samples } from '../../../test/support/api-samples.ts';
import { Machine } from '../bmc/v1alpha1/machine.ts';
import { kinds } from '../kinds.ts';
import { apiVersionOf } from '../meta/resource.ts';
import { Hardware } from '../tinkerbell/v1alpha1/hardware.ts';
import { describeProblem } from './problem.ts';
import { validate } from './validate.ts';

const hardware = (spec: unknown) => ({
  apiVersion: 'tinkerbell.org/v1alpha1',
  kind: 'Hardware',
  metadata: { name: 'a' },
  spec,
});

describe('validate', () => {
  for (const { kind, spec, status, path, rule, fix } of rejects) {
    it(`refuses ${kind.kind} ${path}: ${rule}`, () => {
      const object = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: 'a' }, spec, status };
      const problems = validate(kind, object);
      assert.equal(problems.length, 1, problems.map(describeProblem).join('\n'));
      assert.equal(problems[0]?.path, path);
      assert.ok(problems[0].rule.includes(rule), problems[0].rule);
      assert.ok(problems[0].fix.includes(fix), problems[0].fix);
    });
  }

  for (const sample of samples()) {
    it(`accepts ${sample.kind} ${sample.metadata.name}`, () => {
      const kind = kinds.find(
        (candidate) => candidate.kind === sample.kind && apiVersionOf(candidate) === sample.apiVersion,
      );
      assert.ok(kind !== undefined);
      assert.deepEqual(validate(kind, sample), []);
    });
  }

  it('tells every problem at once, whatever its depth', () => {
    const problems = validate(Hardware, {
      apiVersion: 'tinkerbell.org/v1alpha2',
      kind: 'Hardware',
      metadata: { name: 'Rack_1' },
      spec: {
        agentID: 7,
        interfaces: [
          { dhcp: { mac: 'x', lease_time: 1.5, boot_file_name: 'a', uefi: 1 } },
          { dhcp: { vlan_id: 'x', classless_static_routes: [{}] } },
        ],
      },
    });
    assert.deepEqual(problems.map(({ path }) => path).sort(), [
      'apiVersion',
      'metadata.name',
      'spec.agentID',
      'spec.interfaces[0].dhcp',
      'spec.interfaces[0].dhcp.lease_time',
      'spec.interfaces[0].dhcp.mac',
      'spec.interfaces[0].dhcp.uefi',
      'spec.interfaces[1].dhcp.classless_static_routes[0].destination_descriptor',
      'spec.interfaces[1].dhcp.classless_static_routes[0].router',
      'spec.interfaces[1].dhcp.vlan_id',
    ]);
  });

  it('says in one line where, what rule, what is there and what to do', () => {
    const [problem] = validate(Hardware, hardware({ interfaces: [{ dhcp: { mac: 'AA' } }] }));
    assert.ok(problem !== undefined);
    assert.equal(
      describeProblem(problem),
      'spec.interfaces[0].dhcp.mac: must match ([0-9a-f]{2}[:]){5}([0-9a-f]{2}), but is "AA": ' +
        'write six pairs of lower-case hexadecimal digits joined by colons, like 02:00:5e:00:53:01',
    );
  });

  it('never shows what a long string or an object holds', () => {
    const secret = 's'.repeat(500);
    const lines = [
      ...validate(Hardware, hardware({ userData: { password: secret } })),
      ...validate(Hardware, hardware({ interfaces: secret })),
    ].map(describeProblem);
    assert.equal(lines.length, 2);
    assert.ok(lines.every((line) => line.length < 250 && !line.includes('password')));
  });

  it('takes fields that are undefined or null for absent, as the API server does', () => {
    assert.deepEqual(validate(Hardware, hardware({ agentID: null, interfaces: [{ dhcp: null }] })), []);
    assert.deepEqual(validate(Hardware, hardware({ agentID: undefined, interfaces: undefined })), []);
    const connection = { host: undefined, insecureTLS: true };
    const [problem] = validate(Machine, {
      apiVersion: 'bmc.tinkerbell.org/v1alpha1',
      kind: 'Machine',
      metadata: { name: 'a' },
      spec: { connection },
    });
    assert.deepEqual(problem, { path: 'spec.connection.host', rule: 'is required', fix: 'add the field' });
  });

  it('has nothing against unknown fields, which the API server drops', () => {
    assert.deepEqual(
      validate(Hardware, { ...hardware({ newer: 1, bmcRef: { kind: 'M', name: 'm', x: 1 } }), more: 1 }),
      [],
    );
  });

  it('puts map keys that are no plain names in brackets', () => {
    const [problem] = validate(Hardware, hardware({ resources: { 'nvidia.com/gpu': 'two' } }));
    assert.equal(problem?.path, 'spec.resources[nvidia.com/gpu]');
  });

  for (const nothing of [undefined, null, 'text', 7, []]) {
    it(`refuses ${JSON.stringify(nothing)} for an object`, () => {
      const [problem, ...more] = validate(Hardware, nothing);
      assert.equal(problem?.rule, 'must be an object');
      assert.deepEqual(more, []);
    });
  }

  for (const kind of kinds) {
    it(`accepts every ${kind.kind} that its schema can describe`, () => {
      fc.assert(
        fc.property(arbitraryObject(kind), (object) => {
          assert.deepEqual(validate(kind, object).map(describeProblem), []);
        }),
        { numRuns: 50 },
      );
    });
  }
});
