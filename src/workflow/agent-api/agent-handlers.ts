import { type CallContext, ServerError, Status } from 'nice-grpc';
import type {
  ActionResponse,
  ActionStatusResponse,
  WorkflowServiceImplementation,
} from '../../api/agent-protocol/workflow.generated.ts';
import type { Clock } from '../../api/time/clock.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import type { AgentService } from './agent-service.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import { type AgentCall, publishCall } from './telemetry.ts';

const statuses: Record<RefusalCode, Status> = {
  InvalidArgument: Status.INVALID_ARGUMENT,
  NotFound: Status.NOT_FOUND,
  FailedPrecondition: Status.FAILED_PRECONDITION,
  ResourceExhausted: Status.RESOURCE_EXHAUSTED,
  Unavailable: Status.UNAVAILABLE,
  Internal: Status.INTERNAL,
};

/** Puts an `AgentService` on the wire. A bug in it costs one call. */
export function agentHandlers(service: AgentService, clock: Clock): WorkflowServiceImplementation {
  const answer = async <T>(
    method: AgentCall['method'],
    { signal }: CallContext,
    work: () => Promise<T | Refusal>,
  ): Promise<T> => {
    const started = clock.monotonic();
    const result = await work().catch((error: unknown): Refusal => {
      runtimeWarning.publish({ what: `agent API ${method}`, error });
      return { code: 'Internal', reason: 'internal error' };
    });
    const code = signal.aborted ? 'Cancelled' : isRefusal(result) ? result.code : 'OK';
    publishCall({ method, code, seconds: (clock.monotonic() - started) / 1000 });
    if (isRefusal(result)) throw new ServerError(statuses[result.code], result.reason);
    return result;
  };
  return {
    getAction: (request, context) =>
      answer<ActionResponse>('GetAction', context, () => service.getAction(request, context.signal)),
    reportActionStatus: (request, context) =>
      answer<ActionStatusResponse>('ReportActionStatus', context, async () => {
        const answered = await service.report(request, context.signal);
        return answered === undefined || isRefusal(answered) ? (answered ?? {}) : { next: answered };
      }),
  };
}

function isRefusal(result: unknown): result is Refusal {
  return typeof result === 'object' && result !== null && 'code' in result;
}
