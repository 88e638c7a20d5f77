import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What was asked of the API server by one program. */
export interface Requests {
  /** Without watches, which stay open. */
  total: number;
  /** Refused because somebody else had written. */
  conflicts: number;
  /** Refused for any other reason (4xx), except what is looked for and not there. */
  refused: number;
  /** `verb resource/subresource` → how often; of conflicts likewise, with `conflict` in front. */
  byKind: Map<string, number>;
}

interface AuditEvent {
  verb: string;
  userAgent?: string;
  objectRef?: { resource?: string; subresource?: string };
  responseStatus?: { code?: number };
  stageTimestamp: string;
}

/** Counts the requests of one user agent between two times (wall clock, ms) in the audit log of an API server. */
export async function countRequests(file: string, userAgent: string, fromMs: number, toMs: number): Promise<Requests> {
  const counted: Requests = { total: 0, conflicts: 0, refused: 0, byKind: new Map() };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const event = parse(line);
    if (event === undefined || event.verb === 'watch' || event.userAgent?.split('/')[0] !== userAgent) continue;
    const atMs = Date.parse(event.stageTimestamp);
    if (atMs < fromMs || atMs > toMs) continue;
    counted.total += 1;
    const { code = 200 } = event.responseStatus ?? {};
    if (code === 409) counted.conflicts += 1;
    else if (code >= 400 && code < 500 && code !== 404) counted.refused += 1;
    const { resource = 'other', subresource } = event.objectRef ?? {};
    const kind = `${code === 409 ? 'conflict: ' : ''}${event.verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
    counted.byKind.set(kind, (counted.byKind.get(kind) ?? 0) + 1);
  }
  return counted;
}

/** The last line may be half written. */
function parse(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}
