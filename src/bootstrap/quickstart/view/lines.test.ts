import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StageView } from '../stages.ts';
import { changeLines, type Snapshot, screenLines, timeLines } from './lines.ts';
import type { MachineView } from './machine-view.ts';

const stage = (change: Partial<StageView>): StageView => ({
  id: 'programs',
  title: 'Programs',
  why: 'building',
  status: 'waiting',
  ...change,
});
const machines: MachineView[] = [
  { name: 'cp', role: 'control plane', host: 'rack-0', step: 'runs as node rack-0', running: true },
  { name: 'worker', role: 'worker', step: 'stream (1 of 5)', amounts: '1 of 9 MB (11 %)', percent: 11, running: false },
];
const snapshot: Snapshot = {
  elapsedMs: 75_000,
  stages: [
    stage({ status: 'done', startedMs: 0, endedMs: 1_234, detail: 'found' }),
    stage({ id: 'machines', title: 'Machines', status: 'running', startedMs: 60_000, why: 'waiting' }),
    stage({ id: 'more', title: 'More' }),
  ],
  machines,
};

describe('the screen of a quick start', () => {
  it('shows every stage, and machines where they are waited for', () => {
    assert.deepEqual(screenLines(snapshot, 100), [
      ' ✔ Programs       1.2 s  found',
      ' ▸ Machines      15.0 s  waiting',
      '     ✔ cp      rack-0  runs as node rack-0',
      '     ▸ worker  -       stream (1 of 5): 1 of 9 MB (11 %)',
      ' · More',
    ]);
  });

  it('fits into its columns, whatever is told', () => {
    const long = { ...snapshot, stages: [stage({ status: 'running', startedMs: 0, detail: 'é'.repeat(500) })] };
    for (const columns of [1, 2, 40, 80]) {
      for (const line of screenLines(long, columns)) assert.ok([...line].length <= columns, line);
    }
  });
});

describe('the same in a file', () => {
  const nothing: Snapshot = { elapsedMs: 0, stages: [], machines: [] };

  it('tells what has begun, what has ended and what machines do', () => {
    assert.deepEqual(changeLines(nothing, snapshot), [
      '[  75.0 s] Programs: done in 1.2 s (found)',
      '[  75.0 s] Machines: waiting',
      '[  75.0 s] cp on rack-0: runs as node rack-0',
      '[  75.0 s] worker: stream (1 of 5): 1 of 9 MB (11 %)',
    ]);
  });

  it('says nothing when nothing has changed, and not every percent', () => {
    assert.deepEqual(changeLines(snapshot, { ...snapshot, elapsedMs: 80_000 }), []);
    const at = (percent: number) => {
      return {
        ...snapshot,
        machines: machines.map((machine) => (machine.percent ? { ...machine, percent } : machine)),
      };
    };
    assert.deepEqual(changeLines(at(11), at(19)), []);
    assert.equal(changeLines(at(19), at(20)).length, 1);
  });

  it('tells failures and machines that are gone', () => {
    const failed = [stage({ status: 'failed', startedMs: 0, endedMs: 500 })];
    const running = [stage({ status: 'running', startedMs: 0 })];
    assert.deepEqual(changeLines({ ...snapshot, stages: running }, { elapsedMs: 500, stages: failed, machines: [] }), [
      '[   0.5 s] Programs: failed after 0.5 s',
      '[   0.5 s] cp is gone',
      '[   0.5 s] worker is gone',
    ]);
  });
});

describe('the times of stages', () => {
  it('are those of stages that have ended, and of all', () => {
    assert.deepEqual(timeLines(snapshot.stages, 125_000), ['  Programs     1.2 s', '  all      2 min 5 s']);
  });
});
