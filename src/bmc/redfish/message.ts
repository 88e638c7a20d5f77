import { at, objectsAt, textAt, textsAt } from './json.ts';

/** One message of a BMC (DSP0266 §9.5.12, `@Message.ExtendedInfo`; DSP2046 Message). */
export interface RedfishMessage {
  /** Registry key without registry and version, such as `PropertyNotWritable`. */
  id: string;
  text: string;
  args: readonly string[];
  /** Names of the properties it is about, without the JSON pointer before them. */
  properties: readonly string[];
}

/** What a body says, in its error object or beside its properties. */
export function messagesOf(body: unknown): RedfishMessage[] {
  const detailed = [
    ...objectsAt(body, 'error', '@Message.ExtendedInfo'),
    ...objectsAt(body, '@Message.ExtendedInfo'),
    ...objectsAt(body, 'Messages'),
  ];
  const messages = detailed.slice(0, 32).map(messageOf);
  if (messages.some(({ text }) => text !== '')) return messages;
  const id = textAt(body, 'error', 'code') ?? '';
  const text = textAt(body, 'error', 'message') ?? '';
  return id === '' && text === '' ? messages : [...messages, { id: keyOf(id), text, args: [], properties: [] }];
}

/** At most three messages as one text, the empty text for none. */
export function textOf(messages: readonly RedfishMessage[]): string {
  const texts = messages.filter(({ id }) => id !== 'Success').map(({ id, text }) => (text === '' ? id : text));
  return [...new Set(texts.filter((text) => text !== ''))].slice(0, 3).join(' ');
}

function messageOf(message: unknown): RedfishMessage {
  const properties = [...textsAt(message, 'RelatedProperties'), ...textsAt(message, 'RelatedProperties@Redfish.Links')];
  return {
    id: keyOf(textAt(message, 'MessageId') ?? textAt(message, 'MessageID') ?? ''),
    text: textAt(message, 'Message') ?? '',
    args: textsAt(message, 'MessageArgs'),
    properties: properties.map((pointer) => pointer.slice(pointer.lastIndexOf('/') + 1)),
  };
}

/** `Base.1.8.PropertyMissing` → `PropertyMissing`. */
function keyOf(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1);
}

/** Whether a body is a task (DSP2046 Task). */
export function isTask(body: unknown): boolean {
  return /^#Task\./.test(textAt(body, '@odata.type') ?? '') || at(body, 'TaskState') !== undefined;
}
