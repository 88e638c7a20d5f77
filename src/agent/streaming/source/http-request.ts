import { type Dispatcher, request } from 'undici';
import { CaptError } from '../../../api/errors/capt-error.ts';
import { directRequest } from './direct-request.ts';
import type { HttpAnswer } from './http-answer.ts';

const maxRedirects = 5;

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly method?: 'GET' | 'HEAD';
  /** For big bodies where no proxy is: past `dispatcher` if that can be. Chunks are only good until the next. Default false. */
  readonly isDirect?: boolean;
}

/** One GET, redirects followed. Credentials stay with the host they were meant for. */
export async function httpRequest(options: HttpRequest): Promise<HttpAnswer> {
  let url = new URL(options.url);
  let headers = withUserInfo(url, options.headers);
  for (let redirects = 0; ; redirects++) {
    const direct = options.isDirect ? await directRequest({ url, headers, signal: options.signal }) : undefined;
    const answer = direct ?? (await throughDispatcher(url, headers, options));
    const location = answer.header('location');
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
    answer.discard();
    if (redirects === maxRedirects) {
      throw new CaptError('IMAGE_HTTP_STATUS', { url: shownUrl(options.url), status: 'too many redirects' });
    }
    const next = new URL(location, url);
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
    url.username = '';
    url.password = '';
  }
}

async function throughDispatcher(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { dispatcher, signal, method = 'GET' }: HttpRequest,
): Promise<HttpAnswer> {
  const answer = await request(url, { method, headers, dispatcher, signal });
  return {
    status: answer.statusCode,
    body: answer.body,
    header: (name) => {
      const value = answer.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    discard: () => void answer.body.on('error', () => {}).destroy(),
  };
}

/** Credentials in an address become basic authentication, as clients in Go do it. */
function withUserInfo(url: URL, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (url.username === '' && url.password === '') return headers;
  const userInfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { ...headers, authorization: `Basic ${Buffer.from(userInfo).toString('base64')}` };
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

/** An address for messages: without credentials and without the query, where signed addresses have their secrets. */
export function shownUrl(text: string): string {
  try {
    const { protocol, host, pathname } = new URL(text);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return 'the address of the image';
  }
}
