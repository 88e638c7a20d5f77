import { Agent } from '../../src/agent/loop/agent.ts';
import type { Entry } from '../../src/agent/loop/journal.ts';
import { GrpcServer } from '../../src/agent/transport/grpc-server.ts';
import { systemClock } from '../../src/api/time/clock.ts';
import { ScriptedAgent } from '../../test/support/scripted-agent.ts';

/** `ours` begin the next action with the report on the last; those of the `original` ask and say so each time. */
export type Kind = 'ours' | 'original';

/** Lets an agent do `actions` actions that do nothing. @returns the seconds from its first question to the last answer */
export async function work(kind: Kind, id: string, port: number, actions: number): Promise<number> {
  const stop = new AbortController();
  const started = performance.now();
  let answered = 0;
  let ended = 0;
  const finished = (): void => {
    if (++answered < actions) return;
    ended = performance.now();
    stop.abort();
  };
  const address = `127.0.0.1:${port}`;
  if (kind === 'ours') await runOurs(id, address, finished, stop.signal);
  else await new ScriptedAgent({ id, address, unansweredStart: 'ask', onFinished: finished }).run(stop.signal);
  return (ended - started) / 1000;
}

/** The loop and the transport of our agent, without programs and without a disk for the journal. */
async function runOurs(agentId: string, address: string, onFinished: () => void, signal: AbortSignal): Promise<void> {
  const grpc = new GrpcServer({ address, agentId, clock: systemClock });
  let entry: Entry | undefined;
  const agent = new Agent({
    server: {
      ask: grpc.ask.bind(grpc),
      close: grpc.close.bind(grpc),
      async tell(report, own) {
        const told = await grpc.tell(report, own);
        if (report.state !== 'RUNNING' && told.kind === 'taken') onFinished();
        return told;
      },
    },
    runner: { run: async () => ({ state: 'SUCCESS', message: 'action completed' }) },
    journal: {
      read: async () => undefined,
      write: async (next) => {
        entry = next;
      },
      clear: async () => {
        entry = undefined;
      },
      setAside: async () => {},
    },
    clock: systemClock,
    proc: '/proc',
    finale: async () => {},
  });
  await agent.run(signal);
  grpc.close();
  if (entry !== undefined) throw new Error(`${agentId} left ${entry.phase} behind`);
}
