import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CaptError, messageOf } from '../api/errors/capt-error.ts';
import { systemClock } from '../api/time/clock.ts';
import type { NativeAction, Paths } from './actions/action.ts';
import { logAgent } from './agent-log.ts';
import { readAttributes } from './attributes/attributes.ts';
import { childEnvironment } from './child-environment.ts';
import { endMachine } from './finale.ts';
import { ActionRunner } from './loop/action-runner.ts';
import { Agent } from './loop/agent.ts';
import { Journal } from './loop/journal.ts';
import { parseKernelArguments } from './settings/kernel-arguments.ts';
import { type AgentSettings, readSettings } from './settings/read-settings.ts';
import { agentEvent } from './telemetry.ts';
import { GrpcServer, type TlsOptions } from './transport/grpc-server.ts';

export const systemPaths: Paths = { sys: '/sys', proc: '/proc', dev: '/dev', run: '/run/capt' };

/** `capt agent`: reads its settings and runs until `signal` aborts. */
export async function runAgent(args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const kernelArguments = await readFile(`${systemPaths.proc}/cmdline`, 'utf8').catch(() => '');
  const settings = readSettings({ args, env, kernelArguments });
  const paths = { ...systemPaths, run: dirname(settings.stateFile) };
  const clock = systemClock;
  const stopLogging = logAgent(process.stdout, settings.logLevel);
  try {
    const tls = await tlsOf(settings);
    const attributes = settings.attributes ? await readAttributes(paths) : undefined;
    const journal = await Journal.open(settings.stateFile, paths.proc);
    const children = childEnvironment(env, parseKernelArguments(kernelArguments));
    const server = new GrpcServer({
      address: settings.server,
      agentId: settings.id,
      clock,
      ...(attributes === undefined ? {} : { attributes }),
      ...(tls === undefined ? {} : { tls }),
    });
    const agent = new Agent({
      server,
      runner: new ActionRunner({ actions: loadActions, clock, paths, env: children }),
      journal,
      clock,
      proc: paths.proc,
      finale: (finale, stop) => endMachine(finale, stop, { clock, proc: paths.proc, env: children }),
      backoff: { maxMs: settings.backoffMaxSeconds * 1000 },
    });
    const { id, server: address, ignored } = settings;
    const fields = {
      id,
      server: address,
      tls: tls !== undefined,
      ...(ignored.length ? { ignored: ignored.join(' ') } : {}),
    };
    agentEvent.publish({ level: 'info', what: 'agent runs', fields });
    try {
      await agent.run(signal);
    } finally {
      server.close();
    }
    agentEvent.publish({ level: 'info', what: 'agent stopped' });
  } finally {
    stopLogging();
  }
}

/** When the first is to be done: reading them all would be half of what an agent takes to start. */
async function loadActions(): Promise<readonly NativeAction[]> {
  return (await import('./actions/registry.ts')).nativeActions;
}

async function tlsOf({
  tls,
  insecureTls,
  caFile,
  certificateFile,
  keyFile,
}: AgentSettings): Promise<TlsOptions | undefined> {
  if (!tls) return undefined;
  const [ca, certificate, key] = await Promise.all([caFile, certificateFile, keyFile].map(readPem));
  return {
    insecure: insecureTls,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined || key === undefined ? {} : { identity: { certificate, key } }),
  };
}

async function readPem(path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CaptError('AGENT_SETTINGS_INVALID', { problems: messageOf(cause) }, { cause });
  }
}
