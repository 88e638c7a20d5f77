import { formatUrl, hostname, parseUrl } from '../../url/url.ts';
import { GoError } from '../../value/error.ts';
import { fn } from '../../value/function.ts';
import { kindOf } from '../../value/inspect.ts';
import { dict as makeDict } from '../../value/make.ts';
import { dict, string } from '../../value/params.ts';
import type { GoMap } from '../../value/value.ts';
import { nilDereference } from './panic.ts';

function textOf(map: GoMap, key: string): string {
  const value = map.entries.get(key);
  if (value === undefined) return '';
  if (value === null) throw new GoError(nilDereference);
  if (typeof value === 'string') return value;
  throw new GoError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

function parseOrFail(text: string, what: string): ReturnType<typeof parseUrl> {
  try {
    return parseUrl(text);
  } catch (error) {
    throw error instanceof GoError ? new GoError(`unable to parse ${what}: ${error.message}`) : error;
  }
}

export const urls = {
  urlParse: fn([string], (_call, text) => {
    const url = parseOrFail(text, 'url');
    return makeDict([
      ['scheme', url.scheme],
      ['host', url.host],
      ['hostname', hostname(url)],
      ['path', url.path],
      ['query', url.query],
      ['opaque', url.opaque],
      ['fragment', url.fragment],
      ['userinfo', url.userinfo ?? ''],
    ]);
  }),
  urlJoin: fn([dict], (call, map) => {
    const [scheme = '', host = '', path = '', query = '', opaque = '', fragment = '', userinfo = ''] = [
      'scheme',
      'host',
      'path',
      'query',
      'opaque',
      'fragment',
      'userinfo',
    ].map((key) => textOf(map, key));
    const user = userinfo === '' ? undefined : parseOrFail(`proto://${userinfo}@host`, 'userinfo in dict').userinfo;
    const text = formatUrl({ scheme, host, path, query, opaque, fragment, userinfo: user });
    call.meter.grow(text.length);
    return text;
  }),
};
