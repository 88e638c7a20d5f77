import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range.ts';

/** Something to download. */
export interface Content {
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly modifiedMs: number;
  /** With its quotes; the same content has the same one, and another content another. */
  readonly etag: string;
  /** SHA-256 of the whole content, base64; undefined: not known yet. */
  readonly sha256: string | undefined;
  /** The bytes from `first` to `last`, both included. */
  read(first: number, last: number): Buffer | Readable;
  /** Nothing (more) is read; called once when `read` is not called. */
  release?(): void;
}

/** A client that takes nothing for so long is gone. There is no limit to how long a download may take. */
const idleTimeoutMs = 120_000;

/**
 * Answers GET and HEAD: ranges, conditions and digests (RFC 9110 sections 13 and 14, RFC 9530).
 * `Repr-Digest` is that of the whole content, whatever part of it is sent.
 */
export function sendContent(request: FastifyRequest, reply: FastifyReply, content: Content): FastifyReply {
  describe(reply, content);
  if (isUnchanged(request, content)) return ended(reply, content, 304);
  const range = wantsRange(request, content) ? parseRange(request.headers.range, content.sizeBytes) : undefined;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${content.sizeBytes}`);
    return ended(reply, content, 416);
  }
  const { first, last } = range ?? { first: 0, last: content.sizeBytes - 1 };
  reply.code(range === undefined ? 200 : 206);
  if (range !== undefined) reply.header('content-range', `bytes ${first}-${last}/${content.sizeBytes}`);
  reply.header('content-length', last - first + 1);
  reply.type(content.mediaType);
  if (request.method === 'HEAD' || last < first) {
    content.release?.();
    return reply.send();
  }
  reply.raw.setTimeout(idleTimeoutMs, () => reply.raw.destroy());
  return reply.send(content.read(first, last));
}

function describe(reply: FastifyReply, { etag, modifiedMs, sha256 }: Content): void {
  reply.header('accept-ranges', 'bytes').header('etag', etag).header('cache-control', 'no-cache');
  reply.header('last-modified', new Date(modifiedMs).toUTCString());
  if (sha256 !== undefined) reply.header('repr-digest', `sha-256=:${sha256}:`);
}

function ended(reply: FastifyReply, content: Content, status: number): FastifyReply {
  content.release?.();
  return reply.code(status).send();
}

function isUnchanged({ headers }: FastifyRequest, { etag, modifiedMs }: Content): boolean {
  const known = headers['if-none-match'];
  if (known !== undefined) {
    return known.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(modifiedMs / 1000) * 1000 <= since;
}

/** A download that goes on needs the content that it began with; else all of it is sent. */
function wantsRange({ headers, method }: FastifyRequest, { etag, modifiedMs }: Content): boolean {
  if (headers.range === undefined || method !== 'GET') return false;
  const condition = headers['if-range'];
  if (condition === undefined) return true;
  if (typeof condition !== 'string') return false;
  return condition.startsWith('"')
    ? condition === etag
    : Date.parse(condition) === Math.floor(modifiedMs / 1000) * 1000;
}
