import { isIP, isIPv6 } from 'node:net';
import { quote } from '../format/quote.ts';
import { GoError } from '../value/error.ts';
import { escapePart, unescapePart } from './escape.ts';

/** A URL in its parts, unescaped. */
export interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly opaque: string;
  readonly fragment: string;
  /** User and password, escaped, without the `@`; `undefined` when there is no user. */
  readonly userinfo: string | undefined;
}

const nothing: Url = { scheme: '', host: '', path: '', query: '', opaque: '', fragment: '', userinfo: undefined };

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Parses a URL as net/url does, and throws in its words. */
export function parseUrl(text: string): Url {
  const [address, fragment] = cut(text, '#');
  try {
    const url = parseAddress(address);
    return { ...url, fragment: wrap(text, () => unescapePart(fragment, 'fragment')) };
  } catch (error) {
    if (error instanceof GoError && !error.message.startsWith('parse ')) {
      throw new GoError(`parse ${quote(address)}: ${error.message}`);
    }
    throw error;
  }
}

function wrap(text: string, body: () => string): string {
  try {
    return body();
  } catch (error) {
    throw error instanceof GoError ? new GoError(`parse ${quote(text)}: ${error.message}`) : error;
  }
}

function parseAddress(text: string): Url {
  if (/[^ -~\x80-\uffff]/.test(text)) throw new GoError('net/url: invalid control character in URL');
  if (text === '*') return { ...nothing, path: '*' };
  if (text.startsWith(':')) throw new GoError('missing protocol scheme');
  const [, scheme = '', afterScheme = text] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  const [rest, query] = cut(afterScheme, '?');
  const url = { ...nothing, scheme: scheme.toLowerCase(), query };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...url, opaque: rest };
    if (cut(rest, '/')[0].includes(':')) throw new GoError('first path segment in URL cannot contain colon');
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  if (!hasAuthority) return { ...url, path: unescapePart(rest, 'path') };
  const [authority = ''] = /^[^/]*/.exec(rest.slice(2)) ?? [];
  const at = authority.lastIndexOf('@');
  const host = parseHost(url.scheme, authority.slice(at + 1));
  const userinfo = at < 0 ? undefined : parseUserinfo(authority.slice(0, at));
  return { ...url, host, userinfo, path: unescapePart(rest.slice(2 + authority.length), 'path') };
}

function parseUserinfo(text: string): string {
  if (!/^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/.test(text)) throw new GoError('net/url: invalid userinfo');
  const parts = text.includes(':') ? cut(text, ':') : [text];
  return parts.map((part) => escapePart(unescapePart(part, 'userinfo'), 'userinfo')).join(':');
}

function checkPort(port: string): string {
  if (!/^(?::[0-9]*)?$/.test(port)) throw new GoError(`invalid port ${quote(port)} after host`);
  return port;
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) throw new GoError('invalid IP-literal');
  if (bracket === 0) return parseLiteral(host);
  // For the web a second colon is a mistake; other schemes may list several hosts.
  const colon = scheme === 'http' || scheme === 'https' ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescapePart(host, 'host');
}

function parseLiteral(host: string): string {
  const end = host.lastIndexOf(']');
  if (end < 0) throw new GoError("missing ']' in host");
  const port = unescapePart(checkPort(host.slice(end + 1)), 'host');
  const inside = host.slice(1, end);
  const zone = inside.indexOf('%25');
  const name =
    zone < 0
      ? unescapePart(inside, 'host')
      : unescapePart(inside.slice(0, zone), 'host') + unescapePart(inside.slice(zone), 'zone');
  const [address, rest] = cut(name, '%');
  // Go takes any zone, as long as there is something in it.
  const version = rest === '' ? isIP(name) : isIPv6(address) ? 6 : 0;
  if (version === 4) throw new GoError('invalid IP-literal');
  if (version === 0) throw new GoError(`invalid host: ParseAddr(${quote(name)}): unable to parse IP`);
  return `[${name}]${port}`;
}

/** The host without its port, and without brackets. */
export function hostname({ host }: Url): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  return cut(host, ':')[0];
}

/** Puts a URL together again. */
export function formatUrl(url: Url): string {
  const { scheme, query, opaque, fragment } = url;
  const start = scheme === '' ? '' : `${scheme}:`;
  const middle = opaque === '' ? formatAddress(url) : opaque;
  const isAmbiguous = opaque === '' && start === '' && !middle.startsWith('//') && cut(middle, '/')[0].includes(':');
  // A colon in the first segment would make a scheme of it.
  const address = start + (isAmbiguous ? './' : '') + middle;
  return address + (query === '' ? '' : `?${query}`) + (fragment === '' ? '' : `#${escapePart(fragment, 'fragment')}`);
}

function formatAddress({ scheme, host, path, userinfo }: Url): string {
  const mayHaveHost = scheme !== '' || host !== '' || userinfo !== undefined;
  const hasHost = mayHaveHost && (host !== '' || path !== '' || userinfo !== undefined);
  const user = userinfo === undefined ? '' : `${userinfo}@`;
  const authority = hasHost ? `//${user}${escapePart(host, 'host')}` : '';
  const escaped = path === '*' ? '*' : escapePart(path, 'path');
  const slash = escaped !== '' && !escaped.startsWith('/') && host !== '' ? '/' : '';
  return authority + slash + escaped;
}
