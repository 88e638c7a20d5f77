import type { KubeObject } from '../../api/meta/object.ts';
import { KubeError, type Status } from './errors.ts';

/** One change in a watch stream. `BOOKMARK` carries nothing but a resourceVersion that is safe to resume from. */
export interface WatchEvent<T extends KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

/** A line of a watch stream that is no event: the stream cannot be trusted any further. */
export class MalformedWatchLine extends Error {
  override readonly name = 'MalformedWatchLine';
}

/**
 * Decodes one line of a watch stream.
 * @throws KubeError for an `ERROR` event (410 means: list again)
 * @throws MalformedWatchLine for anything else that is not an event with an object and a resourceVersion
 */
export function decodeWatchLine<T extends KubeObject>(line: string, action: string): WatchEvent<T> {
  const event = parse(line, action);
  if (event.type === 'ERROR') throw new KubeError(action, (event.object ?? {}) as Status);
  if (!isChange(event.type))
    throw new MalformedWatchLine(`${action}: unknown event type ${JSON.stringify(event.type)}`);
  const object = event.object as T | undefined;
  if (typeof object?.metadata?.resourceVersion !== 'string') {
    throw new MalformedWatchLine(`${action}: ${event.type} event without metadata.resourceVersion`);
  }
  return { type: event.type, object };
}

function parse(line: string, action: string): { type?: unknown; object?: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the one error for every kind of garbage.
  }
  throw new MalformedWatchLine(`${action}: a line of ${line.length} characters is no JSON object`);
}

function isChange(type: unknown): type is WatchEvent<KubeObject>['type'] {
  return type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK';
}
