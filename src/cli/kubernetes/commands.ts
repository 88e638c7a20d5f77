import { buildKubernetes } from '../../bootstrap/local/build/build.ts';
import { endControlPlane } from '../../bootstrap/local/down.ts';
import { controlPlaneStatus } from '../../bootstrap/local/status.ts';
import { exitCodes } from '../failure.ts';
import { catchInterrupts } from '../interrupt.ts';
import { kubernetesContext } from './context.ts';
import { renderStatus } from './status-table.ts';

/** `capt kubernetes down` */
export async function down(flags: { dir?: string }): Promise<void> {
  const context = kubernetesContext(flags);
  const ended = await endControlPlane({ directory: context.directory });
  if (ended.length === 0) context.print(`nothing runs in ${context.directory}`);
  else context.print(`ended ${ended.join(', ')}; data and keys stay in ${context.directory}`);
}

/** `capt kubernetes status` */
export async function status(flags: { dir?: string; output: string }): Promise<void> {
  const context = kubernetesContext(flags);
  const current = await controlPlaneStatus(context.directory);
  if (flags.output === 'json') context.print(JSON.stringify(current, undefined, 2));
  else for (const line of renderStatus(current, new Date())) context.print(line);
  if (!current.healthy) process.exitCode = exitCodes.failed;
}

/** `capt kubernetes build` */
export async function build(): Promise<void> {
  const context = kubernetesContext();
  using interrupt = catchInterrupts();
  const { directory } = await buildKubernetes({ ...context, signal: interrupt.signal });
  context.print(directory);
}
