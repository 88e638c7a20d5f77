/** Status and headers of an HTTP answer. */
export interface AnswerHead {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Undefined when the body is chunked, encoded, or has no length. */
  readonly bodyBytes: number | undefined;
}

/**
 * Reads the head of an answer (RFC 9112 4 and 5, without the empty line), undefined for whatever is not plain: another
 * version, an interim answer, a header that is folded, or repeated where that matters.
 */
export function parseAnswerHead(text: string): AnswerHead | undefined {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] ([2-5]\d\d)(?: |$)/.exec(statusLine)?.[1] ?? 0);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~0-9a-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/i.exec(line) ?? [];
    const key = name.toLowerCase();
    if (name === '' || (headers.has(key) && framing.includes(key))) return undefined;
    // The first of several, as it is taken from other clients too.
    if (!headers.has(key)) headers.set(key, value.trimEnd());
  }
  const length = headers.get('content-length') ?? '';
  const isPlain = !headers.has('transfer-encoding') && (headers.get('content-encoding') ?? 'identity') === 'identity';
  if (status === 0) return undefined;
  return { status, headers, bodyBytes: isPlain && /^\d{1,15}$/.test(length) ? Number(length) : undefined };
}

const framing = ['content-length', 'content-range', 'transfer-encoding', 'content-encoding', 'location'];
