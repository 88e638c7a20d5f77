import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptError } from '../../api/errors/capt-error.ts';
import { which } from '../../bootstrap/local/build/which.ts';
import { reportOutcome, startDetached, starterGone } from '../../bootstrap/local/detach.ts';
import { LocalControlPlane } from '../../bootstrap/local/local-control-plane.ts';
import { findPrograms } from '../../bootstrap/local/programs.ts';
import { findRunning } from '../../bootstrap/local/running.ts';
import type { ControlPlaneState } from '../../bootstrap/local/state.ts';
import { controlPlaneStatus } from '../../bootstrap/local/status.ts';
import { requireLinux } from '../../bootstrap/process/identity.ts';
import { catchInterrupts } from '../interrupt.ts';
import { type KubernetesContext, kubernetesContext } from './context.ts';

export interface UpFlags {
  dir?: string;
  port?: number;
  listen?: string;
  foreground?: boolean;
}

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/** `capt kubernetes up` */
export async function up(flags: UpFlags): Promise<void> {
  if (flags.foreground) return superviseInForeground(flags);
  requireLinux();
  const context = kubernetesContext(flags);
  using interrupt = catchInterrupts();
  const { signal } = interrupt;
  const running = (await findRunning(context.directory, { signal })) ?? (await start(context, flags, signal));
  if (running === undefined) return;
  await describe(context, 'is running already');
  const { port, listenAddress } = running;
  if ((flags.port || port) === port && (flags.listen ?? listenAddress) === listenAddress) return;
  context.report(`to change its address or port: capt kubernetes down${context.directoryFlag}, then up again`);
}

/** Starts it in the background. When somebody else was faster, waits for that one and returns its record. */
async function start(
  context: KubernetesContext,
  flags: UpFlags,
  signal: AbortSignal,
): Promise<ControlPlaneState | undefined> {
  const started = performance.now();
  // Here, not in the background: a first build takes minutes and shows its progress.
  await findPrograms({ ...context, signal });
  try {
    await startDetached({
      directory: context.directory,
      command: [process.execPath, mainFile, ...foregroundArguments(context, flags)],
      environment: context.environment,
      signal,
    });
  } catch (error) {
    const locked = error instanceof CaptError && error.code === 'CONTROL_PLANE_LOCKED';
    const running = locked ? await findRunning(context.directory, { signal }) : undefined;
    if (running === undefined) throw error;
    return running;
  }
  await describe(context, `is up after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return undefined;
}

function foregroundArguments({ directory }: KubernetesContext, { port, listen }: UpFlags): string[] {
  return [
    ...['kubernetes', 'up', '--foreground', '--dir', directory],
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(listen === undefined ? [] : ['--listen', listen]),
  ];
}

/** Runs the control plane in this process until it is told to end, by Ctrl-C for one. */
async function superviseInForeground(flags: UpFlags): Promise<void> {
  const context = withTimes(kubernetesContext(flags));
  using interrupt = catchInterrupts();
  const signal = AbortSignal.any([interrupt.signal, starterGone()]);
  try {
    const programs = await findPrograms({ ...context, signal });
    await using controlPlane = await LocalControlPlane.start({
      directory: context.directory,
      programs,
      port: flags.port,
      listenAddress: flags.listen,
      report: context.report,
      signal,
    });
    reportOutcome();
    await describe(context, 'is up; Ctrl-C ends it');
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    context.report('stopping');
    await controlPlane.stop();
    context.report('stopped');
  } catch (error) {
    reportOutcome(error);
    throw error;
  }
}

/** Remarks of a process that runs for months need the time of each. */
function withTimes(context: KubernetesContext): KubernetesContext {
  return { ...context, report: (line) => context.report(`${new Date().toISOString()} ${line}`) };
}

/** Says where things are and what to try next. */
async function describe(context: KubernetesContext, what: string): Promise<void> {
  const { print, directory, directoryFlag, environment } = context;
  const { endpoint, version, kubeconfig } = await controlPlaneStatus(directory);
  print(`Kubernetes ${version ?? ''} ${what}: ${endpoint}`);
  print(`  data, keys, logs  ${directory}`);
  print(`  kubeconfig        ${kubeconfig}`);
  print('');
  print('Try:');
  print(`  export KUBECONFIG=${kubeconfig}`);
  print(
    `  ${(await which('kubectl', environment)) === undefined ? await ownKubectl(context) : 'kubectl'} get namespaces`,
  );
  print(`  capt kubernetes status${directoryFlag}`);
  print(`  capt kubernetes down${directoryFlag}`);
}

/** The kubectl of our own build, for machines that have none. */
async function ownKubectl(context: KubernetesContext): Promise<string> {
  const { 'kube-controller-manager': program } = await findPrograms(context);
  return join(dirname(program), 'kubectl');
}
