import { request } from 'node:https';

export interface ProbeTarget {
  host: string;
  port: number;
  path: string;
  /** PEM of the authority that signed the server's certificate. */
  ca: string;
  /** Client certificate, where the server wants one. */
  cert?: string;
  key?: string;
}

export interface ProbeResult {
  /** HTTP status, 0 when no answer came. */
  status: number;
  /** The answer, or why there was none. */
  body: string;
}

/** Asks once over HTTPS with full verification. Never rejects: no answer is an answer too. */
export function probe(
  target: ProbeTarget,
  { timeoutMs = 2_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<ProbeResult> {
  const timeout = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, body: error.message });
    const outgoing = request({
      ...target,
      agent: false,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    outgoing.once('error', failed);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', failed);
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.end();
  });
}
