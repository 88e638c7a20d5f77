import { once } from 'node:events';
import { copyFile, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { startDetached } from '../../bootstrap/local/detach.ts';
import { stackParts } from '../../bootstrap/quickstart/stack.ts';
import { type StackPlan, writeStackPlan } from '../../bootstrap/quickstart/stack-plan.ts';
import type { Session } from './session.ts';

export interface StackRequest extends Pick<StackPlan, 'workloadPort' | 'serveFlags' | 'relays'> {
  /** The command that runs a program where the stack is to run. */
  wrap: (program: string, args: readonly string[]) => [program: string, args: string[]];
}

/**
 * Starts everything beside the machines in the background, stage by stage: management cluster, Cluster API, our services.
 * Aborting ends what was started.
 */
export async function startStackStages(session: Session, request: StackRequest): Promise<void> {
  const { context, record, signal, stages } = session;
  const { layout, command, environment } = context;
  const { api: apiPort, http: httpPort, webhook: webhookPort } = record.ports;
  const { wrap, ...rest } = request;
  await mkdir(layout.stack, { recursive: true, mode: 0o700 });
  writeStackPlan(layout.stackPlan, { apiPort, httpPort, webhookPort, ...rest });
  const [program, ...first] = command;
  const [file, args] = wrap(program, [...first, 'quickstart', 'stack', '--dir', layout.directory]);
  const ready = new Map(stackParts.map((part) => [part as string, Promise.withResolvers<void>()]));
  const started = startDetached({
    directory: layout.stack,
    command: [file, ...args],
    environment,
    servers: await listen(session, Object.keys(request.relays)),
    onProgress: (part) => ready.get(part)?.resolve(),
    signal,
  });
  // Whoever looks at it first is told.
  started.catch(() => {});
  for (const part of stackParts) {
    await stages.run(part, async () => void (await Promise.race([ready.get(part)?.promise, started])));
    if (part === 'kubernetes') await copyFile(join(layout.kubernetes, 'kubeconfig'), layout.managementKubeconfig);
  }
  await started;
}

/** Servers on the loopback of this machine, for people; the stack takes them to where it runs. */
async function listen({ record }: Session, names: readonly string[]): Promise<Record<string, Server>> {
  const ports: Record<string, number> = { management: record.ports.api, cluster: record.ports.cluster };
  const servers: Record<string, Server> = {};
  for (const name of names) {
    const server = createServer().listen(ports[name], '127.0.0.1');
    await once(server, 'listening');
    servers[name] = server;
  }
  return servers;
}
