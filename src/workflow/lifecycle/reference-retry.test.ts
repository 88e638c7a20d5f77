import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import type { ReferenceFailure } from '../references/read-references.ts';
import { decide } from './decide.ts';
import { type FakeWorld, fakeFacts, startMs } from './fake-facts.ts';

const hardware: Hardware = {
  apiVersion: 'tinkerbell.org/v1alpha1',
  kind: 'Hardware',
  metadata: { namespace: 'ns', name: 'hw' },
  spec: { references: { dns: { name: 'dns' } } },
};
const missing: ReferenceFailure = { message: 'reference "dns" (configmaps ns/dns): not found', passing: false };
const down: ReferenceFailure = { message: 'reference "dns" (configmaps ns/dns): no answer', passing: true };

function step(world: FakeWorld, failures?: readonly ReferenceFailure[]) {
  const references = failures && { references: { hardware, objects: {}, failures } };
  return decide(fakeFacts({ hardware, ...references, ...world }));
}

function recorded(world: FakeWorld, failures: readonly ReferenceFailure[]): WorkflowStatus {
  const next = step(world, failures);
  return next.kind === 'record' ? next.status : assert.fail(next.kind);
}

const condition = (status: WorkflowStatus, type: string) => status.conditions?.find((each) => each.type === type);
const failing = { outcome: { error: 'map has no entry for key "dns"' } };

describe('a Workflow whose Hardware refers to other objects', () => {
  it('has them read first, and again when the Hardware is another meanwhile', () => {
    assert.deepEqual(step({}), { kind: 'readReferences', hardware });
    const changed = { ...hardware };
    const references = { hardware, objects: {}, failures: [] };
    assert.deepEqual(step({ hardware: changed, references }), { kind: 'readReferences', hardware: changed });
    assert.equal(step({}, []).kind, 'record');
  });

  it('has nothing read when there is nothing to render, or nothing to read', () => {
    assert.equal(step({ status: { state: 'PENDING' } }).kind, 'wait');
    assert.equal(step({ hardware: { ...hardware, spec: { references: {} } } }).kind, 'record');
  });

  it('is rendered with what could be read', () => {
    let seen: unknown;
    const objects = { dns: { data: 1 } };
    const facts = fakeFacts({ hardware, references: { hardware, objects, failures: [] } });
    decide({
      ...facts,
      render: (...parameters) => {
        seen = parameters[2];
        return { error: 'x' };
      },
    });
    assert.equal(seen, objects);
  });

  it('is not rendered while the API server cannot be asked: without them it might be another workflow', () => {
    const status = recorded({}, [missing, down]);
    assert.equal(status.state, undefined);
    assert.equal(condition(status, 'TemplateRenderedSuccess')?.message, `error reading references: ${down.message}`);
  });

  it('says which ones it was rendered without', () => {
    const status = recorded({}, [missing]);
    assert.equal(status.state, 'PENDING');
    assert.equal(condition(status, 'ReferencesRead')?.message, `the template was rendered without: ${missing.message}`);
  });

  it('says what failed, looks again ever more rarely, and shows when', () => {
    let status = recorded(failing, [missing]);
    assert.equal(status.templateRendering, 'failed');
    assert.equal(
      condition(status, 'TemplateRenderedSuccess')?.message,
      `error rendering template: ${failing.outcome.error}; not there: ${missing.message}`,
    );
    const looks: number[] = [];
    for (let nowMs = startMs; looks.length < 9; ) {
      const rest = step({ ...failing, status, nowMs }, [missing]);
      assert.ok(rest.kind === 'wait' && rest.untilMs !== undefined);
      const shown = new Date(rest.untilMs).toISOString();
      assert.equal(condition(status, 'ReferencesRead')?.message, `${missing.message}; next look at ${shown}`);
      // In between, whatever wakes it up, it changes nothing.
      assert.deepEqual(step({ ...failing, status, nowMs: rest.untilMs - 1 }, [missing]), rest);
      nowMs = rest.untilMs;
      looks.push((nowMs - startMs) / 1000);
      status = recorded({ ...failing, status, nowMs }, [missing]);
    }
    assert.deepEqual(looks, [2, 4, 8, 16, 32, 64, 124, 184, 244]);
  });

  it('keeps to its times when the server keeps whole seconds only', () => {
    const nowMs = startMs + 700;
    const status = recorded({ ...failing, nowMs }, [missing]);
    const conditions = status.conditions?.map((each) => ({ ...each, time: `${each.time?.slice(0, 19)}Z` }));
    const rest = step({ ...failing, status: { ...status, conditions: conditions ?? [] }, nowMs: nowMs + 500 }, [
      missing,
    ]);
    assert.deepEqual(rest, step({ ...failing, status, nowMs: nowMs + 500 }, [missing]));
    assert.equal(rest.kind, 'wait');
  });

  it('goes on as soon as everything is there', () => {
    const before = recorded(failing, [missing]);
    const status = recorded({ status: before, nowMs: startMs + 5000 }, []);
    assert.equal(status.state, 'PENDING');
    assert.equal(condition(status, 'ReferencesRead')?.status, 'True');
    const still = recorded({ ...failing, status: before, nowMs: startMs + 5000 }, []);
    assert.equal(condition(still, 'ReferencesRead')?.status, 'True');
    assert.deepEqual(step({ ...failing, status: still, nowMs: startMs + 9000 }, []), {
      kind: 'wait',
      reason: `error rendering template: ${failing.outcome.error}`,
    });
  });
});
