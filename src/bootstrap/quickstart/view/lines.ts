import type { StageView } from '../stages.ts';
import { describeSeconds } from './amounts.ts';
import type { MachineView } from './machine-view.ts';

/** What a person sees of a quick start at a moment. */
export interface Snapshot {
  /** Milliseconds since the beginning. */
  elapsedMs: number;
  stages: readonly StageView[];
  machines: readonly MachineView[];
}

const marks = { waiting: '·', running: '▸', done: '✔', failed: '✘' } as const;

/** The lines of a screen of so many columns. Nothing is wider: a line that wraps cannot be drawn over. */
export function screenLines({ elapsedMs, stages, machines }: Snapshot, columns: number): string[] {
  const width = Math.max(...stages.map(({ title }) => title.length));
  const current = stages.findLast(({ status }) => status === 'running');
  const lines = stages.flatMap((stage) => {
    const head = ` ${marks[stage.status]} ${stage.title.padEnd(width)} ${timeOf(stage, elapsedMs).padStart(11)}`;
    const line = `${head}  ${textOf(stage)}`.trimEnd();
    // Machines stand below the stage that waits for them.
    return stage === current ? [line, ...machineLines(machines)] : [line];
  });
  return lines.map((line) => cut(line, columns));
}

/**
 * What has changed from one moment to another, for a file: stages that begin, tell something new or end, machines that take
 * a step. Of numbers that change all the time only every tenth percent is told.
 */
export function changeLines(before: Snapshot, after: Snapshot): string[] {
  const at = `[${(after.elapsedMs / 1000).toFixed(1).padStart(6)} s]`;
  const lines: string[] = [];
  for (const [index, stage] of after.stages.entries()) {
    const line = stageChange(before.stages[index], stage);
    if (line !== undefined) lines.push(line);
  }
  for (const machine of after.machines) {
    const earlier = before.machines.find(({ name }) => name === machine.name);
    if (earlier !== undefined && keyOf(earlier) === keyOf(machine)) continue;
    lines.push(machineLine(machine));
  }
  for (const { name } of before.machines) {
    if (!after.machines.some((machine) => machine.name === name)) lines.push(`${name} is gone`);
  }
  return lines.map((line) => `${at} ${line}`);
}

/** How long each stage took, for the end. */
export function timeLines(stages: readonly StageView[], elapsedMs: number): string[] {
  const ended = stages.filter(({ endedMs }) => endedMs !== undefined);
  const width = Math.max('all'.length, ...ended.map(({ title }) => title.length));
  const rows = ended.map(
    (stage) => `  ${stage.title.padEnd(width)} ${seconds(lengthMs(stage, elapsedMs)).padStart(9)}`,
  );
  return [...rows, `  ${'all'.padEnd(width)} ${seconds(elapsedMs).padStart(9)}`];
}

function stageChange(before: StageView | undefined, stage: StageView): string | undefined {
  const { title, status, detail, why } = stage;
  const told = detail === undefined || detail === before?.detail ? '' : `: ${detail}`;
  const took = seconds(lengthMs(stage, 0));
  if (status === before?.status) return told === '' ? undefined : `${title}${told}`;
  if (status === 'waiting') return undefined;
  if (status === 'running') return `${title}: ${detail ?? why}`;
  return `${title}: ${status === 'done' ? 'done in' : 'failed after'} ${took}${told === '' ? '' : ` (${detail})`}`;
}

function machineLines(machines: readonly MachineView[]): string[] {
  const width = Math.max(0, ...machines.map(({ name }) => name.length));
  const hosts = Math.max(0, ...machines.map(({ host = '-' }) => host.length));
  return machines.map((machine) => {
    const { name, host = '-', step, amounts } = machine;
    const mark = machine.running ? marks.done : marks.running;
    return `     ${mark} ${name.padEnd(width)}  ${host.padEnd(hosts)}  ${step}${amounts === undefined ? '' : `: ${amounts}`}`;
  });
}

function machineLine({ name, host, step, amounts }: MachineView): string {
  return `${name}${host === undefined ? '' : ` on ${host}`}: ${step}${amounts === undefined ? '' : `: ${amounts}`}`;
}

function keyOf({ host, step, percent, running }: MachineView): string {
  return JSON.stringify([host, step, percent === undefined ? -1 : Math.floor(percent / 10), running]);
}

function textOf({ status, detail, why }: StageView): string {
  if (status === 'waiting') return '';
  return detail ?? (status === 'running' ? why : '');
}

function timeOf(stage: StageView, nowMs: number): string {
  return stage.startedMs === undefined ? '' : seconds(lengthMs(stage, nowMs));
}

function lengthMs({ startedMs = 0, endedMs }: Pick<StageView, 'startedMs' | 'endedMs'>, nowMs: number): number {
  return Math.max(0, (endedMs ?? nowMs) - startedMs);
}

function seconds(ms: number): string {
  return ms < 99_950 ? `${(ms / 1000).toFixed(1)} s` : describeSeconds(ms / 1000);
}

/** A character a column: details are Latin text. */
function cut(line: string, columns: number): string {
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}
