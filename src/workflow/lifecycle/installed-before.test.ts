import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  ownerNameLabel,
  ownerNamespaceLabel,
  provisionedAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { machineNameLabel, machineNamespaceLabel } from '../../api/tinkerbell/v1alpha1/machine-labels.ts';
import { decide } from './decide.ts';
import { type FakeWorld, fakeFacts } from './fake-facts.ts';

const labels = { [machineNameLabel]: 'm', [machineNamespaceLabel]: 'ns' };
const bootOptions = { bootMode: 'netboot', toggleAllowNetboot: true } as const;

function installed(metadata: Partial<Hardware['metadata']> = {}): Hardware {
  return {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Hardware',
    metadata: {
      namespace: 'ns',
      name: 'hw',
      labels: { [ownerNameLabel]: 'm', [ownerNamespaceLabel]: 'ns' },
      annotations: { [provisionedAnnotation]: 'true' },
      ...metadata,
    },
    spec: { bmcRef: { kind: 'Machine', name: 'bmc' }, interfaces: [{}] },
  };
}

/** A Workflow of CAPT for a machine that runs. */
const moved: FakeWorld = { name: 'm', labels, spec: { bootOptions }, hardware: installed() };

describe('a Workflow that was moved or restored from the original stack', () => {
  for (const state of [undefined, '', 'STATE_PENDING', 'PREPARING', 'PENDING', 'STATE_PREPARING']) {
    it(`never begins when its Hardware says that the machine is installed: state ${state ?? 'lost'}`, () => {
      const world: FakeWorld = {
        ...moved,
        ...(state === undefined ? {} : { status: { state } }),
        outcome: { error: 'it was rendered' },
      };
      const step = decide(fakeFacts(world));
      assert.ok(step.kind === 'record', step.kind);
      assert.equal(step.status.state, 'SUCCESS');
      assert.deepEqual(
        step.status.conditions?.map(({ type, reason }) => `${type} ${reason}`),
        ['StatusRestored AlreadyInstalled'],
      );
      assert.deepEqual(decide(fakeFacts({ ...world, status: step.status })), { kind: 'mark', state: 'SUCCESS' });
    });
  }

  const others: [why: string, world: FakeWorld][] = [
    ['the Hardware is not installed', { hardware: installed({ annotations: {} }) }],
    ['the mark says something else', { hardware: installed({ annotations: { [provisionedAnnotation]: 'false' } }) }],
    [
      'another machine of that name holds the Hardware',
      { hardware: installed({ labels: { [ownerNameLabel]: 'm', [ownerNamespaceLabel]: 'other' } }) },
    ],
    [
      'another machine holds it',
      { hardware: installed({ labels: { [ownerNameLabel]: 'other', [ownerNamespaceLabel]: 'ns' } }) },
    ],
    ['nobody holds it', { hardware: installed({ labels: {} }) }],
    ['it belongs to no machine', { labels: {} }],
    ['it is the wipe of a release', { name: 'm-wipe' }],
    ['it is for other Hardware', { hardware: installed(), spec: { bootOptions, hardwareRef: 'other' } }],
  ];
  for (const [why, world] of others) {
    it(`begins as any other when ${why}`, () => {
      const step = decide(fakeFacts({ ...moved, ...world }));
      assert.ok(step.kind === 'record');
      assert.equal(step.status.state, 'PREPARING');
    });
  }

  it('has ended for good when its host says so: a mark would say it twice', () => {
    const { annotations: _annotations, ...metadata } = installed().metadata;
    const allowed = { ...installed(metadata), spec: { interfaces: [{ netboot: { allowPXE: true } }] } };
    const status = { state: 'POST', bootOptions: { allowNetboot: { toggledTrue: true } } };
    const off = { kind: 'setAllowPxe', value: false, installed: true };
    assert.deepEqual(decide(fakeFacts({ ...moved, hardware: { ...allowed, metadata }, status })), off);
    const quiet = { ...installed(), spec: { interfaces: [{ netboot: { allowPXE: false } }] } };
    const told = decide(fakeFacts({ ...moved, hardware: quiet, status }));
    assert.equal(told.kind, 'record');
    const ended = { ...status, state: 'SUCCESS' };
    assert.equal(decide(fakeFacts({ ...moved, hardware: quiet, status: ended })).kind, 'wait');
    // Whoever takes the word from the host, or the host from the machine, gets a mark in its place.
    for (const hardware of [{ ...allowed, metadata }, installed({ labels: {} })]) {
      assert.deepEqual(decide(fakeFacts({ ...moved, hardware, status: ended })), { kind: 'mark', state: 'SUCCESS' });
    }
  });

  it('lets what runs run on', () => {
    assert.equal(decide(fakeFacts({ ...moved, status: { state: 'RUNNING' } })).kind, 'wait');
  });

  it('waits for Hardware that comes after it', () => {
    const { hardware: _, ...alone } = moved;
    const step = decide(fakeFacts({ ...alone, spec: { bootOptions, hardwareRef: 'hw' } }));
    assert.ok(step.kind === 'record');
    assert.equal(step.status.state, undefined);
    assert.equal(step.status.templateRendering, 'failed');
  });
});
