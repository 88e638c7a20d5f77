import type { Finale } from '../../agent/actions/action.ts';
import { Agent } from '../../agent/loop/agent.ts';
import type { BackoffOptions } from '../../agent/loop/backoff.ts';
import type { WorkflowServer } from '../../agent/loop/workflow-server.ts';
import { GrpcServer } from '../../agent/transport/grpc-server.ts';
import { type Clock, sleep } from '../../api/time/clock.ts';
import { AgentLife, type AgentLifeOptions, MemoryJournal } from './agent-life.ts';
import type { NullRuntime } from './null-runtime.ts';

export interface InstallerOptions extends Pick<AgentLifeOptions, 'diesAt'> {
  runner: Pick<NullRuntime, 'run'>;
  /** Makes the connection of each agent process. */
  connect(): WorkflowServer;
  clock: Clock;
  backoff: Omit<BackoffOptions, 'clock'>;
  /** How long init takes to start an agent that has died. */
  restartMs: number;
  /** A folder without processes, for an agent that looks for what an action left. */
  proc: string;
  /** Told of each agent process that begins. */
  onAgent(): void;
}

/**
 * The installer as it runs in the memory of a machine: the agent that ships, started again whenever it dies.
 * @returns how it ended the machine, `undefined` when the power went first
 */
export async function runInstaller(options: InstallerOptions, signal: AbortSignal): Promise<Finale['how'] | undefined> {
  const { runner, connect, clock, backoff, restartMs, diesAt, proc, onAgent } = options;
  const journal = new MemoryJournal();
  while (!signal.aborted) {
    const life = new AgentLife({ server: connect(), journal, diesAt });
    const ended = new AbortController();
    let how: Finale['how'] | undefined;
    const agent = new Agent({
      server: life,
      runner: {
        run: async (action, runOptions) => {
          life.pass('working');
          return await runner.run(action, runOptions);
        },
      },
      journal: life.journal,
      clock,
      proc,
      finale: async (finale) => {
        if (life.isDead) return;
        how = finale.how;
        ended.abort();
      },
      backoff,
      stopReportSeconds: 0,
    });
    onAgent();
    // Power that goes takes the agent with it, without a last word.
    const unplug = () => life.die();
    signal.addEventListener('abort', unplug, { once: true });
    try {
      await agent.run(AbortSignal.any([signal, life.death, ended.signal]));
    } finally {
      signal.removeEventListener('abort', unplug);
      life.close();
    }
    if (how !== undefined) return how;
    await sleep(clock, restartMs, signal);
  }
  return undefined;
}

/** A connection to the agent API at `host:port`, as the agent that ships makes it. */
export function grpcConnection(address: string, agentId: string, clock: Clock): WorkflowServer {
  return new GrpcServer({ address, agentId, clock });
}
