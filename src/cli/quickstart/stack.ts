import { receiveServers, reportOutcome, reportProgress, starterGone } from '../../bootstrap/local/detach.ts';
import { findPrograms } from '../../bootstrap/local/programs.ts';
import { ownIdentity } from '../../bootstrap/process/identity.ts';
import { startStack } from '../../bootstrap/quickstart/stack.ts';
import { readStackPlan } from '../../bootstrap/quickstart/stack-plan.ts';
import { writeStackProcess } from '../../bootstrap/quickstart/stack-process.ts';
import { catchInterrupts } from '../interrupt.ts';
import { type QuickstartFlags, quickstartContext } from './context.ts';

/** `capt quickstart stack`, which `capt quickstart` starts in the background: runs everything until it is told to end. */
export async function superviseStack(flags: QuickstartFlags): Promise<void> {
  const { layout, cacheDirectory, assetsDirectory, environment, command, print } = quickstartContext(flags);
  const report = (line: string) => print(`${new Date().toISOString()} ${line}`);
  using interrupt = catchInterrupts();
  const signal = AbortSignal.any([interrupt.signal, starterGone()]);
  try {
    // Before anything is started: whoever ends it has to find it.
    writeStackProcess(layout.stackProcess, ownIdentity());
    const plan = readStackPlan(layout.stackPlan);
    const build = { cacheDirectory, environment, report, signal };
    const servers = await receiveServers(Object.keys(plan.relays), signal);
    const programs = await findPrograms({ ...build, assetsDirectory });
    await using _stack = await startStack({
      layout,
      plan,
      programs,
      build,
      command,
      servers,
      onReady: (part) => {
        report(`${part} is ready`);
        reportProgress(part);
      },
      report,
      signal,
    });
    reportOutcome();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    report('stopping');
  } catch (error) {
    reportOutcome(error);
    throw error;
  }
}
