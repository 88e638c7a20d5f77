import { randomUUID } from 'node:crypto';
import { CaptError } from '../api/errors/capt-error.ts';
import { systemClock } from '../api/time/clock.ts';
import type { Environment, NativeAction, Variable } from './actions/action.ts';
import { nativeActions } from './actions/registry.ts';
import { logAgent } from './agent-log.ts';
import { childEnvironment } from './child-environment.ts';
import { endMachine } from './finale.ts';
import { ActionRunner } from './loop/action-runner.ts';
import { ProgressMeter, progressText } from './loop/progress-meter.ts';
import { guard } from './process/guardian.ts';
import { systemPaths } from './run-agent.ts';
import { actionOutput } from './telemetry.ts';

export interface RunActionOptions {
  /** Name of a native action, or an image. */
  readonly name: string;
  readonly environment: Environment;
  readonly args: readonly string[];
  /** 0 is no limit. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** `capt action run`: one action by hand, exactly as the agent runs it. */
export async function runAction({ name, environment, args, timeoutSeconds, signal }: RunActionOptions): Promise<void> {
  const clock = systemClock;
  const env = childEnvironment(process.env, new Map());
  const meter = new ProgressMeter(clock);
  const stopLogging = logAgent(process.stdout, 'info');
  const mark = randomUUID();
  using _guardian = guard(mark, env);
  const print = (line: string) => actionOutput.publish({ action: name, line });
  try {
    const { state, message, finale } = await new ActionRunner({
      actions: nativeActions,
      clock,
      paths: systemPaths,
      env,
    }).run(
      {
        workflowId: 'by/hand',
        taskId: 'by-hand',
        agentId: 'by-hand',
        actionId: 'by-hand',
        name,
        image: name,
        timeoutSeconds,
        command: args,
        environment,
        acceptsProgress: true,
      },
      {
        mark,
        signal,
        onProgress: (progress) => {
          const report = meter.take(progress);
          if (report !== undefined) print(progressText(report));
        },
      },
    );
    if (state !== 'SUCCESS') throw new CaptError('ACTION_RUN_FAILED', { name, state, message });
    print(message);
    if (finale !== undefined) await endMachine(finale, signal, { clock, proc: systemPaths.proc, env });
  } finally {
    stopLogging();
  }
}

/** `capt action list`: one line an action. */
export function actionList(actions: readonly NativeAction[] = nativeActions): string {
  const width = Math.max(...actions.map(({ name }) => name.length));
  return actions.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`).join('\n');
}

/** `capt action help NAME`; undefined when there is no such action. */
export function actionHelp(name: string, actions: readonly NativeAction[] = nativeActions): string | undefined {
  const action = actions.find((candidate) => candidate.name === name);
  if (action === undefined) return undefined;
  const lines = action.variables.map((variable) => `  ${variable.name.padEnd(32)} ${variable.what}${noteOf(variable)}`);
  return [
    `${action.name}: ${action.summary}`,
    '',
    ...(lines.length ? ['Environment:', ...lines] : ['It takes no environment.']),
  ].join('\n');
}

function noteOf(variable: Variable): string {
  if (variable.required) return ' (required)';
  return variable.default === undefined || variable.default === '' ? '' : ` (default: ${variable.default})`;
}
