import { channel } from 'node:diagnostics_channel';

/** How a file was asked for over TFTP and what became of it. */
export interface TftpTransfer {
  readonly address: string;
  readonly file: string;
  readonly outcome: 'sent' | 'not-found' | 'refused' | 'given-up' | 'ended-by-client' | 'replaced' | 'stopped';
  /** Why, where the outcome alone does not say. */
  readonly reason?: string;
  readonly sizeBytes: number;
  readonly seconds: number;
  /** How often nothing was heard for so long that the window was sent again. */
  readonly timeouts: number;
}

/** A script, boot program or file was asked for over HTTP. */
export interface HttpAnswer {
  readonly kind: 'script' | 'binary' | 'file';
  /** MAC or IP address that asked. */
  readonly client: string;
  readonly status: number;
  /** Why it is not what the client hoped for. */
  readonly reason?: string;
}

/** A line of syslog came in. */
export interface SyslogLine {
  /** `namespace/name` of the Hardware it comes from; undefined: no Hardware has this address. */
  readonly machine: string | undefined;
  /** Where the datagram came from. */
  readonly address: string;
  readonly facility: string;
  readonly severity: string;
  /** When the machine says it was written, as RFC 3339; undefined: it does not say, or not in which year. */
  readonly timestamp: string | undefined;
  readonly hostname: string | undefined;
  readonly appName: string | undefined;
  readonly processId: string | undefined;
  readonly messageId: string | undefined;
  /** Text, or the JSON object that it is. */
  readonly message: string | Record<string, unknown>;
}

/** Names of the diagnostics channels on which the above are published. */
export const tftpTransferChannel = 'capt.netboot.tftp.transfer';
export const httpAnswerChannel = 'capt.netboot.http.answer';
export const syslogLineChannel = 'capt.netboot.syslog.line';

const transfers = channel(tftpTransferChannel);
const answers = channel(httpAnswerChannel);
const lines = channel(syslogLineChannel);

export function publishTransfer(transfer: TftpTransfer): void {
  if (transfers.hasSubscribers) transfers.publish(transfer);
}

export function publishAnswer(answer: HttpAnswer): void {
  if (answers.hasSubscribers) answers.publish(answer);
}

export function publishSyslogLine(line: SyslogLine): void {
  if (lines.hasSubscribers) lines.publish(line);
}
