import { facilities, type Severity, severities } from './severity.ts';

/** A message of RFC 5424 or RFC 3164. What it does not say, or says with `-`, is undefined. */
export interface SyslogMessage {
  readonly facility: string;
  readonly severity: Severity;
  /** RFC 3339; undefined too when only month, day and time of day are there, because year and zone are anybody's guess. */
  readonly timestamp: string | undefined;
  readonly hostname: string | undefined;
  readonly appName: string | undefined;
  readonly processId: string | undefined;
  readonly messageId: string | undefined;
  readonly text: string;
}

const priority = /^<(\d{1,3})>/;
const header5424 =
  /^1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /;
/** `[id name="value" …]`, one after the other; within a value `"`, `\` and `]` are escaped. */
const structuredData = /^(?:-|(?:\[[^\s=\]"]{1,32}(?: [^\s=\]"]{1,32}="(?:[^"\\\]]|\\.)*")*\])+)(?= |$)/;
const stamp3164 = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d /;
const tag3164 = /^([\w/.-]{1,48})(?:\[([^\]\s]{1,128})\])?: ?/;

/**
 * Reads one datagram. Whatever begins with a priority is a message: what its rest says is as good as the program that
 * wrote it.
 * @returns undefined when there is no valid priority
 */
export function parseSyslog(datagram: Buffer): SyslogMessage | undefined {
  const line = datagram.toString('utf8').replace(/[\r\n\0]+$/, '');
  const [start, digits] = priority.exec(line) ?? [];
  const number = Number(digits);
  const facility = facilities[number >> 3];
  const severity = severities[number & 7];
  // `<007>` is none (RFC 5424 section 6.2.1), but what sends it means 7.
  if (start === undefined || facility === undefined || severity === undefined) return undefined;
  const rest = line.slice(start.length);
  return { facility, severity, ...(parse5424(rest) ?? parse3164(rest)) };
}

type Rest = Omit<SyslogMessage, 'facility' | 'severity'>;

function parse5424(line: string): Rest | undefined {
  const header = header5424.exec(line);
  if (header === null) return undefined;
  const [all, timestamp, hostname, appName, processId, messageId] = header.map(nilIsUndefined);
  const afterHeader = line.slice(all?.length);
  const data = structuredData.exec(afterHeader);
  // Structured data that is none is text of a program that forgot the `-`.
  const text = data === null ? afterHeader : afterHeader.slice(data[0].length + 1);
  return { timestamp, hostname, appName, processId, messageId, text: text.replace(/^\uFEFF/, '') };
}

/** RFC 3164 as it is spoken: everything but the text may be missing. */
function parse3164(line: string): Rest {
  const stamp = stamp3164.exec(line)?.[0] ?? '';
  let rest = line.slice(stamp.length);
  let hostname: string | undefined;
  let tag = tag3164.exec(rest);
  if (tag === null && stamp !== '') {
    // After a stamp comes a host name, if what is after it looks like a tag.
    const [space, word] = /^(\S{1,255}) /.exec(rest) ?? [];
    const tagAfter = space === undefined ? null : tag3164.exec(rest.slice(space.length));
    if (tagAfter !== null && space !== undefined) {
      hostname = word;
      rest = rest.slice(space.length);
      tag = tagAfter;
    }
  }
  return {
    timestamp: undefined,
    hostname,
    appName: tag?.[1],
    processId: tag?.[2],
    messageId: undefined,
    text: rest.slice(tag?.[0].length ?? 0),
  };
}

function nilIsUndefined(text: string): string | undefined {
  return text === '-' ? undefined : text;
}
