import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Resource } from '../../api/meta/resource.ts';
import { invalidStatus } from './problem.ts';

const resource: Resource = { group: 'example.org', version: 'v1', kind: 'Host', plural: 'hosts', namespaced: true };

describe('invalidStatus', () => {
  it('names field, rule and fix of one problem in one line', () => {
    const status = invalidStatus(resource, 'h1', [
      { field: 'spec.mac', message: 'is no MAC address', fix: 'write it as 02:00:00:00:00:01' },
    ]);
    assert.equal(
      status.message,
      'Host.example.org "h1" is invalid: spec.mac: is no MAC address (write it as 02:00:00:00:00:01)',
    );
    assert.deepEqual([status.code, status.reason], [422, 'Invalid']);
    assert.deepEqual(status.details, {
      name: 'h1',
      group: 'example.org',
      kind: 'Host',
      causes: [
        {
          reason: 'FieldValueInvalid',
          field: 'spec.mac',
          message: 'is no MAC address (write it as 02:00:00:00:00:01)',
        },
      ],
    });
  });

  it('names all problems at once, a line each', () => {
    const status = invalidStatus({ ...resource, group: '' }, 'h1', [
      { field: 'spec.mac', message: 'is missing', reason: 'FieldValueRequired' },
      { field: '', message: 'has too many disks' },
    ]);
    assert.equal(status.message, 'Host "h1" is invalid:\n* spec.mac: is missing\n* has too many disks');
    assert.deepEqual(
      status.details?.causes?.map(({ reason, field }) => [reason, field]),
      [
        ['FieldValueRequired', 'spec.mac'],
        ['FieldValueInvalid', ''],
      ],
    );
  });
});
