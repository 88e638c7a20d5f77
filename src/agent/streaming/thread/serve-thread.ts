import type { MessagePort } from 'node:worker_threads';
import type { Answer } from './messages.ts';
import { packError } from './thread-error.ts';

/**
 * Does what the other side of `port` asks for, one thing after the other, each of which may block. After a failure nothing is
 * done but what `isCleanup` names: what came before it is not whole.
 */
export function serveThread<Request extends { readonly do: string }, Result>(
  port: MessagePort,
  handle: (request: Request) => Result,
  isCleanup: (request: Request) => boolean = () => false,
): void {
  let failure: unknown;
  port.on('message', ({ id, request }: { id: number; request: Request }) => {
    let answer: Answer<Result>;
    try {
      if (failure !== undefined && !isCleanup(request)) throw failure;
      answer = { id, result: handle(request) };
    } catch (error) {
      failure ??= error;
      answer = { id, error: packError(error) };
    }
    const { buffer } = request as { buffer?: ArrayBuffer };
    if (buffer === undefined) port.postMessage(answer);
    else port.postMessage({ ...answer, buffer }, [buffer]);
    if (request.do === 'close') port.close();
  });
}
