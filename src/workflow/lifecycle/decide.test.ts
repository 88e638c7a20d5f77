import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Job } from '../../api/bmc/v1alpha1/job.ts';
import { finishedAnnotation } from '../../api/tinkerbell/v1alpha1/finished-mark.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Workflow, WorkflowSpec } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import type { WorkflowStatus } from '../../api/tinkerbell/v1alpha1/workflow-status.ts';
import { decide } from './decide.ts';
import type { Facts } from './facts.ts';
import type { RenderOutcome } from './render.ts';
import type { Decision, Step } from './step.ts';

const startMs = Date.UTC(2026, 0, 1);
const at = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();

interface World {
  spec?: WorkflowSpec;
  status?: WorkflowStatus;
  mark?: string;
  deleted?: boolean;
  hardware?: Hardware | undefined;
  template?: boolean;
  outcome?: RenderOutcome;
  jobs?: Job[];
  madeJob?: string;
  afterSeconds?: number;
}

const hardware: Hardware = {
  apiVersion: 'tinkerbell.org/v1alpha1',
  kind: 'Hardware',
  metadata: { namespace: 'ns', name: 'hw' },
  spec: {
    bmcRef: { kind: 'Machine', name: 'bmc' },
    interfaces: [{ dhcp: { mac: '02:00:00:00:00:01', uefi: true } }, { netboot: { allowPXE: false } }],
  },
};

const rendered: RenderOutcome = {
  rendered: {
    globalTimeoutSeconds: 600,
    tasks: [
      { name: 'one', agentID: 'agent-1', actions: [{ name: 'a', image: 'img', timeout: 60 }] },
      { name: 'two', agentID: 'agent-2', actions: [{ name: 'b', image: 'img', timeout: 60 }] },
    ],
  },
};

function facts(world: World): Facts {
  const { spec = {}, status, mark, deleted, template = true, outcome = rendered, jobs = [], afterSeconds = 0 } = world;
  const workflow: Workflow = {
    apiVersion: 'tinkerbell.org/v1alpha1',
    kind: 'Workflow',
    metadata: {
      namespace: 'ns',
      name: 'wf',
      uid: 'wf-uid',
      ...(mark ? { annotations: { [finishedAnnotation]: mark } } : {}),
      ...(deleted ? { deletionTimestamp: at(0) } : {}),
    },
    spec: { templateRef: 'tpl', hardwareRef: 'hw', ...spec },
    ...(status ? { status } : {}),
  };
  return {
    workflow,
    template: template
      ? { apiVersion: 'tinkerbell.org/v1alpha1', kind: 'Template', metadata: { name: 'tpl' } }
      : undefined,
    hardware: 'hardware' in world ? world.hardware : hardware,
    references: undefined,
    referenceRetry: { minSeconds: 2, maxSeconds: 60 },
    job: (name) => jobs.find(({ metadata }) => metadata.name === name),
    madeJob: () => world.madeJob,
    render: () => outcome,
    renderBootText: (text) => (text.includes('{{') ? { error: 'no such field' } : { text }),
    nowMs: startMs + afterSeconds * 1000,
    actionGraceSeconds: 30,
    sinceMs: startMs,
    comebackSeconds: 20,
  };
}

function bootJob(name: string, more: { uid?: string; owner?: string; condition?: string; message?: string } = {}): Job {
  const { uid = 'job-uid', owner = 'wf-uid', condition, message = '' } = more;
  const ownerReferences = [{ apiVersion: 'tinkerbell.org/v1alpha1', kind: 'Workflow', name: 'wf', uid: owner }];
  return {
    apiVersion: 'bmc.tinkerbell.org/v1alpha1',
    kind: 'Job',
    metadata: { name, uid, ownerReferences },
    status: { conditions: condition ? [{ type: condition, status: 'True', message }] : [] },
  } as Job;
}

/** The status that a step records. */
function recorded(world: World): WorkflowStatus {
  const step = decide(facts(world));
  return step.kind === 'record' ? step.status : assert.fail(`${step.kind}: ${JSON.stringify(step)}`);
}

/** The step after what is announced before it. */
function begun(world: World): Decision {
  return decide(facts({ ...world, status: recorded(world) }));
}

function conditionsOf(status: WorkflowStatus): string[] {
  return (status.conditions ?? []).map(({ type, status: value, message }) => `${type}=${value}: ${message}`);
}

const netboot: World = { spec: { bootOptions: { bootMode: 'netboot', toggleAllowNetboot: true } } };

describe('decide: a new Workflow', () => {
  it('is rendered and waits for its agent', () => {
    const status = recorded({});
    assert.equal(status.state, 'PENDING');
    assert.equal(status.agentID, 'agent-1');
    assert.equal(status.globalTimeout, 600);
    assert.deepEqual(
      status.tasks?.map(({ actions }) => actions[0]?.state),
      ['PENDING', 'PENDING'],
    );
    assert.deepEqual(conditionsOf(status), [
      'TemplateRenderedSuccess=True: template rendered successfully',
      'AgentStarted=False: agent agent-1 has not begun',
    ]);
  });

  it('is prepared first when it has boot options', () => {
    assert.equal(recorded(netboot).state, 'PREPARING');
    assert.equal(recorded({ spec: { bootOptions: { toggleAllowNetboot: true } } }).state, 'PREPARING');
  });

  it('§9.4 L reconciler.go:378: gets the same identities however often it is rendered', () => {
    assert.deepEqual(recorded({}), recorded({}));
    assert.match(recorded({}).tasks?.[0]?.id ?? '', /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  it('§9.4 L reconciler.go:378: keeps conditions it had', () => {
    const conditions = [{ type: 'Other', status: 'True', reason: 'R', message: 'm' }];
    assert.equal(recorded({ status: { conditions } }).conditions?.length, 3);
  });

  for (const [name, world, message] of [
    ['no Template', { template: false }, 'template not found: tpl'],
    ['no Hardware', { hardware: undefined }, 'hardware not found: hw'],
    [
      'a Template that fails',
      { outcome: { error: 'template: x:1:2: bad' } },
      'error rendering template: template: x:1:2: bad',
    ],
  ] as const) {
    it(`says that there is ${name}, once`, () => {
      const status = recorded(world);
      assert.equal(status.state, undefined);
      assert.equal(status.templateRendering, 'failed');
      assert.deepEqual(conditionsOf(status), [`TemplateRenderedSuccess=False: ${message}`]);
      assert.equal(decide(facts({ ...world, status, afterSeconds: 60 })).kind, 'wait');
    });
  }

  it('may name no Hardware', () => {
    assert.equal(recorded({ spec: { hardwareRef: '' }, hardware: undefined }).state, 'PENDING');
  });

  it('§9.4 M reconciler.go:152: shows only its agent while it is disabled, and why it cannot be rendered', () => {
    const status = recorded({ spec: { disabled: true } });
    assert.deepEqual(status, { agentID: 'agent-1' });
    assert.equal(decide(facts({ spec: { disabled: true }, status })).kind, 'wait');
    assert.equal(recorded({ spec: { disabled: true }, template: false }).templateRendering, 'failed');
    assert.equal(recorded({ spec: { disabled: false }, status }).state, 'PENDING');
  });

  it('means the beginning when an older release wrote STATE_PENDING', () => {
    assert.equal(recorded({ status: { state: 'STATE_PENDING' } }).state, 'PENDING');
  });
});

describe('decide: PREPARING', () => {
  const preparing: World = { ...netboot, status: { state: 'PREPARING' } };
  const allowed: Hardware = { ...hardware, spec: { ...hardware.spec, interfaces: [{ netboot: { allowPXE: true } }] } };
  const toggled: WorkflowStatus = { state: 'PREPARING', bootOptions: { allowNetboot: { toggledTrue: true } } };

  it('sets allowPXE, then records what it finds set', () => {
    assert.deepEqual(decide(facts(preparing)), { kind: 'setAllowPxe', value: true });
    const status = recorded({ ...preparing, hardware: allowed });
    assert.equal(status.bootOptions?.allowNetboot?.toggledTrue, true);
    assert.deepEqual(conditionsOf(status), ['AllowNetbootTrue=True: set allowPXE to true']);
  });

  it('§9.4 job.go:34: says that it waits for its bmc Job, makes it once, follows it', () => {
    const announced = recorded({ ...preparing, status: toggled });
    assert.deepEqual(announced.bootOptions?.jobs, { 'netboot-wf': { complete: false } });
    assert.match(conditionsOf(announced).join(), /BootJobRunning=True: waiting for bmc Job netboot-wf/);
    const world = { ...preparing, status: announced };
    assert.deepEqual(decide(facts(world)), {
      kind: 'createJob',
      name: 'netboot-wf',
      machine: 'bmc',
      actions: [
        { powerAction: 'off' },
        { oneTimeBootDeviceAction: { device: ['pxe'], efiBoot: true } },
        { powerAction: 'on' },
      ],
    });
    assert.equal(decide(facts({ ...world, jobs: [bootJob('netboot-wf')] })).kind, 'wait');
    const complete = recorded({ ...world, jobs: [bootJob('netboot-wf', { condition: 'Completed' })] });
    assert.deepEqual(complete.bootOptions?.jobs, { 'netboot-wf': { uid: 'job-uid', complete: true } });
    assert.equal(recorded({ ...world, status: complete }).state, 'PENDING');
  });

  it('§9.4 M reconciler.go:213: every wait says since when: for the Job while it prepares, for the agent afterwards', () => {
    const world = { ...netboot, status: toggled, jobs: [bootJob('netboot-wf')] };
    const waiting = recorded({ ...world, afterSeconds: 5 });
    const timeOf = ({ conditions = [] }: WorkflowStatus, type: string) =>
      Date.parse(conditions.find((condition) => condition.type === type)?.time ?? '');
    assert.equal(timeOf(waiting, 'BootJobRunning'), startMs + 5000);
    const jobs = [bootJob('netboot-wf', { condition: 'Completed' })];
    const complete = recorded({ ...world, jobs, status: waiting, afterSeconds: 60 });
    const pending = recorded({ ...world, jobs, status: complete, afterSeconds: 61 });
    assert.equal(timeOf(pending, 'AgentStarted'), startMs + 61_000);
    assert.equal(decide(facts({ ...world, jobs, status: pending, afterSeconds: 3600 })).kind, 'wait');
  });

  it('finds a Job done that was made before a crash, and does not make another', () => {
    const jobs = [bootJob('netboot-wf', { condition: 'Completed' })];
    const announced = recorded({ ...preparing, status: toggled, jobs });
    const complete = recorded({ ...preparing, status: announced, jobs });
    assert.equal(complete.bootOptions?.jobs?.['netboot-wf']?.uid, 'job-uid');
  });

  it('removes the Job of an earlier Workflow of the same name first', () => {
    const jobs = [bootJob('netboot-wf', { owner: 'an-older-uid', condition: 'Completed' })];
    assert.deepEqual(decide(facts({ ...preparing, status: toggled, jobs })), {
      kind: 'deleteJob',
      name: 'netboot-wf',
      uid: 'job-uid',
    });
  });

  for (const [name, jobs] of [
    ['failed', [bootJob('netboot-wf', { condition: 'Failed', message: 'task ns/x failed' })]],
    ['was deleted', []],
    ['was replaced', [bootJob('netboot-wf', { uid: 'another' })]],
  ] as const) {
    it(`fails when its Job ${name}: power is not touched blindly`, () => {
      const failsWith = (entry: object, madeJob?: string) => {
        const status = { ...toggled, bootOptions: { ...toggled.bootOptions, jobs: { 'netboot-wf': entry } } };
        const failed = recorded({ ...preparing, status, jobs: [...jobs], ...(madeJob ? { madeJob } : {}) });
        assert.equal(failed.state, 'FAILED');
        assert.match(conditionsOf(failed).join(), /BootJobFailed=True/);
      };
      failsWith({ uid: 'job-uid', complete: false });
      // Its UID is written down with its end; until then this process remembers it.
      failsWith({ complete: false }, 'job-uid');
    });
  }

  for (const [name, world, message] of [
    ['no BMC', { hardware: { ...hardware, spec: {} } }, /hardware "hw" does not have a BMC/],
    ['no Hardware', { hardware: undefined }, /hardware "hw" not found/],
    ['no ISO', { spec: { bootOptions: { bootMode: 'isoboot' } } }, /needs bootOptions\.isoURL/],
    ['a media URL that cannot be rendered', { spec: { bootOptions: custom('{{.x}}') } }, /mediaURL: no such field/],
  ] as [string, World, RegExp][]) {
    it(`fails with a reason when there is ${name}, before anything is touched`, () => {
      const failed = recorded({ ...preparing, ...world });
      assert.equal(failed.state, 'FAILED');
      assert.match(conditionsOf(failed).join(), message);
    });
  }

  it('mounts the ISO and boots from it', () => {
    const spec = { bootOptions: { bootMode: 'iso' as const, isoURL: 'http://iso/x.iso' } };
    const step = begun({ spec, status: { state: 'PREPARING' } });
    assert.equal(step.kind === 'createJob' && step.name, 'iso-mount-wf');
    assert.deepEqual(step.kind === 'createJob' && step.actions.map((action) => Object.values(action)[0]), [
      'off',
      { kind: 'CD', mediaURL: '' },
      { kind: 'CD', mediaURL: 'http://iso/x.iso' },
      { device: ['cdrom'], efiBoot: true },
      'on',
    ]);
  });

  it('§9.4 pre.go:155: customboot without preparing actions goes on', () => {
    const spec = { bootOptions: { bootMode: 'customboot' as const, custombootConfig: { preparingActions: [] } } };
    assert.equal(recorded({ spec, status: { state: 'PREPARING' } }).state, 'PENDING');
  });

  it('runs the actions of customboot as they are', () => {
    const step = begun({ spec: { bootOptions: custom('http://x') }, status: { state: 'PREPARING' } });
    assert.deepEqual(step.kind === 'createJob' && [step.name, step.actions], [
      'customboot-preparing-wf',
      [{ virtualMediaAction: { kind: 'CD', mediaURL: 'http://x' } }],
    ]);
  });

  function custom(mediaURL: string) {
    const preparingActions = [{ virtualMediaAction: { kind: 'CD', mediaURL } }];
    return { bootMode: 'customboot' as const, custombootConfig: { preparingActions } };
  }
});

describe('decide: RUNNING', () => {
  const tasks = (states: string[][], start = 0) =>
    states.map((actions, task) => ({
      id: `t${task}`,
      name: `t${task}`,
      agentID: `agent-${task + 1}`,
      actions: actions.map((state, index) => ({
        id: `a${task}${index}`,
        name: `a${task}${index}`,
        timeout: 60,
        state,
        ...(state === 'PENDING' ? {} : { executionStart: at(start) }),
      })),
    }));
  const running = (states: string[][], more: WorkflowStatus = {}): WorkflowStatus => ({
    state: 'RUNNING',
    agentID: 'agent-1',
    globalTimeout: 600,
    tasks: tasks(states),
    ...more,
  });

  it('§9.4 reconciler.go:185: the global timeout counts from the first action, whenever it is looked at', () => {
    const status = recorded({ status: running([['SUCCESS', 'RUNNING']]), afterSeconds: 50 });
    assert.equal(Date.parse(status.globalExecutionStop ?? ''), startMs + 600_000);
    const step = decide(facts({ status, afterSeconds: 55 }));
    assert.deepEqual(step.kind === 'wait' && step.untilMs, startMs + 90_000);
    const late = recorded({ status, afterSeconds: 600 });
    assert.equal(late.state, 'TIMEOUT');
  });

  it('a global timeout of 0 is none', () => {
    const status = running([['SUCCESS', 'PENDING']], { globalTimeout: 0 });
    const step = decide(facts({ status, afterSeconds: 1e6 }));
    assert.deepEqual(step, { kind: 'wait', reason: 'agent agent-1 is at work' });
  });

  it('an agent that does not report in time is given up, with the name of the action', () => {
    const late = recorded({ status: running([['RUNNING', 'PENDING']]), afterSeconds: 90 });
    assert.equal(late.state, 'TIMEOUT');
    assert.equal(late.tasks?.[0]?.actions[0]?.state, 'TIMEOUT');
    assert.match(late.tasks?.[0]?.actions[0]?.message ?? '', /action a00 did not end within its timeout of 60 s/);
    assert.equal(late.tasks?.[0]?.actions[1]?.state, 'PENDING');
  });

  it('takes an agent for told that does not ask again in time after the service was killed', () => {
    const status = running([['RUNNING', 'PENDING']], { unansweredStart: 'a00', globalTimeout: 0 });
    const step = decide(facts({ status, afterSeconds: 5 }));
    assert.equal(step.kind === 'wait' && step.untilMs, startMs + 20_000);
    assert.equal(recorded({ status, afterSeconds: 20 }).unansweredStart, undefined);
    assert.equal(recorded({ status, afterSeconds: 90 }).state, 'TIMEOUT');
    assert.equal(recorded({ status, afterSeconds: 90 }).unansweredStart, undefined);
  });

  it('hands over to the agent of the next task', () => {
    const status = recorded({ status: running([['SUCCESS'], ['PENDING']]), afterSeconds: 10 });
    assert.equal(status.agentID, 'agent-2');
  });
});

describe('decide: the end', () => {
  const done: WorkflowStatus = { state: 'POST', bootOptions: { allowNetboot: { toggledTrue: true } } };
  const allowed: Hardware = { ...hardware, spec: { ...hardware.spec, interfaces: [{ netboot: { allowPXE: true } }] } };

  it('is written down outside the status before anything else', () => {
    assert.deepEqual(decide(facts({ ...netboot, status: done, hardware: allowed })), {
      kind: 'mark',
      state: 'SUCCESS',
    });
  });

  it('stops the machine from netbooting, then succeeds', () => {
    const world = { ...netboot, status: done, mark: 'SUCCESS' };
    const stop: Step = { kind: 'setAllowPxe', value: false, installed: true };
    assert.deepEqual(decide(facts({ ...world, hardware: allowed })), stop);
    const off = { ...hardware, spec: { interfaces: [{ netboot: { allowPXE: false } }] } };
    const status = recorded({ ...world, hardware: off });
    assert.equal(status.bootOptions?.allowNetboot?.toggledFalse, true);
    assert.equal(recorded({ ...world, status, hardware: off }).state, 'SUCCESS');
    assert.equal(decide(facts({ ...world, status: { ...status, state: 'SUCCESS' } })).kind, 'wait');
  });

  it('ejects the ISO, and fails when that fails', () => {
    const spec = { bootOptions: { bootMode: 'isoboot' as const, isoURL: 'http://x' } };
    const world: World = { spec, status: { state: 'POST' }, mark: 'SUCCESS' };
    const step = begun(world);
    assert.deepEqual(step.kind === 'createJob' && [step.name, step.actions], [
      'iso-eject-wf',
      [{ virtualMediaAction: { kind: 'CD', mediaURL: '' } }],
    ]);
    const status = recorded({ ...world, jobs: [bootJob('iso-eject-wf')] });
    const failed = recorded({ ...world, status, jobs: [bootJob('iso-eject-wf', { condition: 'Failed' })] });
    assert.equal(failed.state, 'FAILED');
  });

  for (const state of ['FAILED', 'TIMEOUT'] as const) {
    it(`§9.4 post.go:18: ${state} takes back allowPXE and the ISO as well`, () => {
      const spec = { bootOptions: { bootMode: 'isoboot' as const, isoURL: 'http://x', toggleAllowNetboot: true } };
      const jobs = { 'iso-mount-wf': { uid: 'm', complete: true } };
      const status = { state, bootOptions: { allowNetboot: { toggledTrue: true }, jobs } };
      const world = { spec, status, hardware: { ...allowed, spec: { ...hardware.spec, ...allowed.spec } } };
      assert.deepEqual(decide(facts(world)), { kind: 'mark', state });
      assert.deepEqual(decide(facts({ ...world, mark: state })), { kind: 'setAllowPxe', value: false });
      const clean = { ...status, bootOptions: { allowNetboot: { toggledTrue: true, toggledFalse: true }, jobs } };
      const step = begun({ ...world, mark: state, status: clean });
      assert.equal(step.kind === 'createJob' && step.name, 'iso-eject-wf');
    });
  }

  for (const state of ['SUCCESS', 'FAILED', 'TIMEOUT']) {
    for (const lost of [undefined, {}, { state: 'PREPARING' }, { state: 'PENDING' }, { state: 'RUNNING' }] as (
      | WorkflowStatus
      | undefined
    )[]) {
      it(`is never forgotten: ${state} with the status ${JSON.stringify(lost) ?? 'lost'} touches nothing`, () => {
        const world = { ...netboot, mark: state, ...(lost ? { status: lost } : {}) };
        const status = recorded(world);
        assert.equal(status.state, state);
        assert.match(conditionsOf(status).join(), /StatusRestored=True: the status was lost/);
        assert.equal(decide(facts({ ...world, status })).kind, 'wait');
      });
    }
  }

  it('is written down for Workflows that ended before there was such a mark', () => {
    assert.deepEqual(decide(facts({ status: { state: 'STATE_SUCCESS' } })), { kind: 'mark', state: 'SUCCESS' });
  });

  it('does not come for a Workflow that is being deleted', () => {
    assert.equal(decide(facts({ ...netboot, deleted: true, status: { state: 'PREPARING' } })).kind, 'wait');
  });

  it('has come for a state that nobody knows', () => {
    assert.deepEqual(decide(facts({ status: { state: 'WHATEVER' } })), { kind: 'mark', state: 'FAILED' });
  });
});
