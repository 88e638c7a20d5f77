import type { VirtualMedium } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import type { Facts, Operation, Verdict } from './operation.ts';

/** What shall be in a virtual drive; without `url` nothing. */
export interface WantedMedium {
  readonly kind: string;
  readonly url?: string;
}

export function mediaOperation({ kind, url }: WantedMedium, settings: BmcSettings): Operation<VirtualMedium[]> {
  return {
    what:
      url === undefined ? `empty the virtual ${kind} drive` : `insert ${plainUrl(url)} into the virtual ${kind} drive`,
    needs: 'virtualMedia',
    onceOnly: false,
    lags: false,
    read: (session, call) => session.virtualMedia(call),
    send: (session, call) =>
      url === undefined ? session.ejectMedia(kind, call) : session.insertMedia({ kind, url }, call),
    describe: (reading) => describeMedia(kind, reading),
    remember: (reading) => describeMedia(kind, reading),
    decide: (facts) => decideMedia(url === undefined ? { kind } : { kind, url }, facts, settings),
  };
}

/** What follows from the media that are read. An image that is in is left alone: a machine may be booting from it. Pure. */
export function decideMedia(
  { kind, url }: WantedMedium,
  { reading, attempt, sinceSeconds }: Facts<VirtualMedium[]>,
  { setAttempts, readBackSeconds }: Pick<BmcSettings, 'setAttempts' | 'readBackSeconds'>,
): Verdict {
  const inside = imagesIn(kind, reading);
  const right = url === undefined ? inside.length === 0 : inside.some((other) => comparable(other) === comparable(url));
  if (right) return { type: 'done', message: describeMedia(kind, reading) };
  if (attempt === undefined) return { type: 'send' };
  if (sinceSeconds < readBackSeconds) return { type: 'wait' };
  // Requests that were lost say nothing about what the BMC makes of one that arrives.
  if (attempt.count < setAttempts || !attempt.taken) return { type: 'send' };
  return { type: 'fail', message: describeMedia(kind, reading) };
}

function imagesIn(kind: string, media: readonly VirtualMedium[]): string[] {
  return media.flatMap((medium) =>
    medium.kind.toLowerCase() === kind.toLowerCase() && medium.url ? [medium.url] : [],
  );
}

function describeMedia(kind: string, media: readonly VirtualMedium[]): string {
  const inside = imagesIn(kind, media).map(plainUrl);
  return `its virtual ${kind} drive holds ${inside.length === 0 ? 'nothing' : inside.join(' and ')}`;
}

/** BMCs write URLs in their own way, and some leave out the login. */
function comparable(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text;
  url.username = '';
  url.password = '';
  return url.href;
}

/** Without what might be a login or a signature: this ends up in messages. */
function plainUrl(text: string): string {
  return comparable(text).replace(/[?#].*$/, '');
}
