import type { ActionParameter } from '../allowable.ts';
import type { RedfishMessage } from '../message.ts';
import type { InsertProperty } from '../vendor/vendor.ts';

export type InsertPayload = Readonly<Record<string, unknown>>;

/** What each property is when it has to be sent. */
const values: Readonly<Record<InsertProperty, (url: string) => unknown>> = {
  Inserted: () => true,
  WriteProtected: () => true,
  TransferMethod: () => 'Stream',
  TransferProtocolType: (url) => protocolOf(url),
};
const properties = Object.keys(values) as InsertProperty[];

/** `TransferProtocolType` for a URL (DSP2046 VirtualMedia); shares may be written `//host/path` or `host:/path`. */
function protocolOf(url: string): string {
  const scheme = /^([a-z]+):\/\//i.exec(url)?.[1]?.toUpperCase() ?? '';
  if (['HTTP', 'HTTPS', 'NFS', 'CIFS', 'FTP', 'SFTP', 'SCP', 'TFTP'].includes(scheme)) return scheme;
  return scheme === 'SMB' || url.startsWith('//') || url.startsWith('\\\\') ? 'CIFS' : 'NFS';
}

/** What to send at first: the image, what the vendor wants along, and what the ActionInfo demands. */
export function insertPayload(
  url: string,
  wanted: readonly InsertProperty[],
  parameters: readonly ActionParameter[],
): InsertPayload {
  const known = new Set(parameters.map(({ name }) => name));
  const isPossible = (property: InsertProperty) => known.size === 0 || known.has(property);
  const isRequired = (property: InsertProperty) =>
    parameters.some(({ name, required }) => required && name === property);
  const chosen = properties.filter(
    (property) => (wanted.includes(property) && isPossible(property)) || isRequired(property),
  );
  return withProperties({ Image: url }, chosen, url);
}

/**
 * What to send after a refusal: with what was missing and without what was not liked, as its messages say.
 * @returns undefined when they do not say, or that has been tried
 */
export function adjustPayload(
  payload: InsertPayload,
  url: string,
  messages: readonly RedfishMessage[],
  tried: ReadonlySet<string>,
): InsertPayload | undefined {
  const missing = new Set<InsertProperty>();
  const unwanted = new Set<InsertProperty>();
  for (const message of messages) {
    const named = properties.filter((property) => isAbout(message, property));
    const list = /Missing|Required|CreateFailed/.test(message.id) ? missing : unwanted;
    for (const property of named) list.add(property);
  }
  const kept = Object.fromEntries(Object.entries(payload).filter(([name]) => !unwanted.has(name as InsertProperty)));
  const adjusted = withProperties(kept, [...missing], url);
  return keyOfPayload(adjusted) !== keyOfPayload(payload) && !tried.has(keyOfPayload(adjusted)) ? adjusted : undefined;
}

/** The same for payloads with the same properties. */
export function keyOfPayload(payload: InsertPayload): string {
  return Object.keys(payload).sort().join();
}

function withProperties(payload: InsertPayload, names: readonly InsertProperty[], url: string): InsertPayload {
  return { ...payload, ...Object.fromEntries(names.map((name) => [name, values[name](url)])) };
}

function isAbout(message: RedfishMessage, property: InsertProperty): boolean {
  return (
    message.properties.includes(property) ||
    message.args.includes(property) ||
    message.text.split(/\W+/).includes(property)
  );
}
