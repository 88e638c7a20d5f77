import type { KubeObject } from '../../api/meta/object.ts';
import { Deadline } from './deadline.ts';
import { KubeConnectionError, KubeError } from './errors.ts';
import { lineBatches } from './lines.ts';
import type { WatchOptions } from './options.ts';
import type { Requester } from './requester.ts';
import { decodeWatchLine, type WatchEvent } from './watch-event.ts';

/** The server must accept a watch within this when nothing else is said. */
const defaultConnectTimeoutSeconds = 30;

/**
 * Opens one watch stream. It ends without an error when the server ends it (`timeoutSeconds`), so the caller goes on
 * from the last resourceVersion it saw.
 */
export async function* openWatch<T extends KubeObject>(
  requester: Requester,
  path: string,
  action: string,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>[]> {
  // The stream needs a signal of its own: leaving the loop must close it without touching the caller's signal.
  const stream = new AbortController();
  const abort = () => stream.abort(options.signal.reason);
  if (options.signal.aborted) abort();
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const body = await accept(requester, path, action, options, stream);
    for await (const lines of lineBatches(body)) {
      yield lines.map((line) => decodeWatchLine<T>(line, action));
    }
  } catch (error) {
    if (options.signal.aborted) return;
    throw error instanceof KubeError ? error : asConnectionError(action, error);
  } finally {
    options.signal.removeEventListener('abort', abort);
    stream.abort();
  }
}

async function accept(
  requester: Requester,
  path: string,
  action: string,
  options: WatchOptions,
  stream: AbortController,
): Promise<AsyncIterable<Uint8Array>> {
  const { idleTimeoutSeconds, connectTimeoutSeconds = defaultConnectTimeoutSeconds } = options;
  using deadline = new Deadline(undefined, connectTimeoutSeconds);
  deadline.signal.addEventListener('abort', () => stream.abort(deadline.signal.reason), { once: true });
  const response = await requester.open(
    { action, method: 'GET', path, ...(idleTimeoutSeconds === undefined ? {} : { idleTimeoutSeconds }) },
    stream.signal,
  );
  if (response.statusCode !== 200) throw await requester.refuse(response, action, stream.signal);
  return response.body;
}

function asConnectionError(action: string, error: unknown): KubeConnectionError {
  return error instanceof KubeConnectionError ? error : new KubeConnectionError(action, error);
}
