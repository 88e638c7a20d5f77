/** What QEMU says on its monitor (QMP specification, "Protocol Specification" in QEMU's docs/interop). */
export type QmpMessage =
  | { kind: 'greeting'; version: string }
  | { kind: 'return'; id: number; value: unknown }
  | { kind: 'error'; id: number | undefined; class: string; text: string }
  | { kind: 'event'; name: string; data: Record<string, unknown> };

/** What came from the other side is no QMP. */
export class QmpMalformed extends Error {
  override readonly name = 'QmpMalformed';
}

/** No message that we ask for comes near. */
const maxLineBytes = 2 ** 20;

/** Cuts bytes into messages: one a line, as QEMU writes them. */
export class QmpDecoder {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /**
   * Takes bytes as they come.
   * @throws QmpMalformed for anything but QMP; what follows cannot be trusted then
   */
  push(bytes: Buffer): QmpMessage[] {
    const messages: QmpMessage[] = [];
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(0x0a, from);
      const part = bytes.subarray(from, end === -1 ? bytes.length : end);
      this.#keep(part);
      if (end === -1) return messages;
      const line = Buffer.concat(this.#rest).toString('utf8').trim();
      this.#rest = [];
      this.#restBytes = 0;
      from = end + 1;
      if (line !== '') messages.push(parseMessage(line));
    }
  }

  #keep(part: Buffer): void {
    this.#restBytes += part.length;
    if (this.#restBytes > maxLineBytes) throw new QmpMalformed(`a line is longer than ${maxLineBytes} bytes`);
    if (part.length > 0) this.#rest.push(part);
  }
}

/** @throws QmpMalformed */
export function parseMessage(line: string): QmpMessage {
  const message = objectOf(parseJson(line));
  if (message === undefined) throw new QmpMalformed('a message is no object');
  const { QMP, event, error, id } = message;
  if (QMP !== undefined) return { kind: 'greeting', version: versionOf(QMP) };
  if (typeof event === 'string') return { kind: 'event', name: event, data: objectOf(message['data']) ?? {} };
  if (error !== undefined) {
    const { class: kind, desc } = objectOf(error) ?? {};
    return { kind: 'error', id: idOf(id), class: textOf(kind), text: textOf(desc) };
  }
  const number = idOf(id);
  if (Object.hasOwn(message, 'return') && number !== undefined) {
    return { kind: 'return', id: number, value: message['return'] };
  }
  throw new QmpMalformed('a message is neither greeting, answer nor event');
}

/** One command as QEMU reads it. */
export function encodeCommand(id: number, command: string, args: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ execute: command, arguments: args, id })}\n`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new QmpMalformed('a line is no JSON');
  }
}

function versionOf(greeting: unknown): string {
  const { major, minor, micro } = objectOf(objectOf(objectOf(greeting)?.['version'])?.['qemu']) ?? {};
  return [major, minor, micro].filter((part) => typeof part === 'number').join('.');
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function idOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 1000) : '';
}
