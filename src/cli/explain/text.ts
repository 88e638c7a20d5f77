import type { HardwareExplanation } from '../../provider/explain/explain-hardware.ts';
import type { MachineExplanation } from '../../provider/explain/explain-machine.ts';
import { ageOf } from '../kubernetes/status-table.ts';

/** How a machine is explained to a person, line by line. */
export function machineLines(explained: MachineExplanation, now: Date): string[] {
  const { ready, hosts, conditions } = explained;
  const since = ready.since === undefined ? '' : ` for ${ageOf(ready.since, now)}`;
  const state = { True: 'ready', Paused: 'paused' }[ready.status] ?? `waiting${since}: ${ready.reason}`;
  const head = [
    `TinkerbellMachine ${explained.machine}: ${state}`,
    ...(ready.message === '' ? [] : ready.message.split('\n').map((line) => `  ${line}`)),
    ...(explained.hardware === undefined ? [] : [`  host: ${explained.hardware}`]),
  ];
  const aspects = conditions
    .filter(({ type }) => type !== 'Ready' && type !== 'Paused')
    .map(({ type, status, reason, message, lastTransitionTime }) => {
      const tail = message ? `: ${message}` : '';
      return `  ${type}=${status} (${reason}) for ${ageOf(lastTransitionTime, now)}${tail}`;
    });
  if (explained.hardware !== undefined) return [...head, ...aspects];
  const free = hosts.filter(({ obstacles }) => obstacles.length === 0).length;
  return [
    ...head,
    ...aspects,
    '',
    hosts.length === 0
      ? 'There is no Hardware: capt hardware import brings some.'
      : `${hosts.length} Hardware, ${free} could be taken:`,
    ...hosts.flatMap(({ hardware, obstacles, weight }) => [
      `  ${hardware}${obstacles.length === 0 ? ` could be taken (weight ${weight})` : ''}`,
      ...obstacles.map(({ predicate, message }) => `    not "${predicate}": ${message}`),
    ]),
  ];
}

/** How a host is explained to a person, line by line. */
export function hardwareLines(explained: HardwareExplanation, now: Date): string[] {
  const { owner, quarantine, power, workflows, obstacles } = explained;
  const since = quarantine?.since === undefined ? '' : ` for ${ageOf(quarantine.since, now)}`;
  return [
    `Hardware ${explained.hardware}: ${owner === undefined ? 'nobody has it' : `held by TinkerbellMachine ${owner}`}`,
    `  power: ${power ?? 'not known, it has no BMC'}`,
    ...(quarantine === undefined
      ? []
      : [
          `  in quarantine${since}: ${quarantine.reason}`,
          `  capt hardware release ${explained.hardware.replace(/.*\//, '')} lets it out`,
        ]),
    ...workflows.map((workflow) => `  workflow: ${workflow}`),
    ...(obstacles.length === 0
      ? ['  any machine that fits could take it']
      : [
          '  no machine could take it now:',
          ...obstacles.map(({ predicate, message }) => `    not "${predicate}": ${message}`),
        ]),
  ];
}
