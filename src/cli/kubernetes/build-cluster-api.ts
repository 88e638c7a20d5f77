import { buildClusterApi } from '../../bootstrap/local/build/build.ts';
import { catchInterrupts } from '../interrupt.ts';
import { kubernetesContext } from './context.ts';

/** `capt cluster-api build` */
export async function buildClusterApiPrograms(): Promise<void> {
  const context = kubernetesContext();
  using interrupt = catchInterrupts();
  const { directory } = await buildClusterApi({ ...context, signal: interrupt.signal });
  context.print(directory);
}
