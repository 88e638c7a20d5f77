import { BmcError, type BmcErrorKind } from '../../bmc-error.ts';
import { type RedfishMessage, textOf } from '../message.ts';
import type { Peer } from '../peer.ts';
import type { Answer } from './answer.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** A call that the BMC answered by an error. */
export class RefusedError extends BmcError {
  readonly status: number;
  readonly messages: readonly RedfishMessage[];

  constructor(error: BmcError, status: number, messages: readonly RedfishMessage[]) {
    const { retryAfterSeconds } = error;
    super(error.kind, error.message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    this.status = status;
    this.messages = messages;
  }
}

/** The error that `answer` is. `what` says which call it was. */
export function refusalOf(answer: Answer, what: string, peer: Peer, nowMs: number): RefusedError {
  const { messages, status } = answer;
  const kind = kindOfMessages(messages) ?? kindOfStatus(status);
  const text = textOf(messages);
  const seconds = retryAfterSeconds(answer.header('retry-after'), nowMs);
  const error = peer.error(
    kind,
    `${what}: HTTP ${status}${text === '' ? '' : `: ${text}`}`,
    kind === 'busy' && seconds !== undefined ? { retryAfterSeconds: seconds } : {},
  );
  return new RefusedError(error, status, messages);
}

/** Where the status alone misleads: BMCs differ in it, and less in the registry keys (DSP0268, Base registry). */
const kindsOfMessages: readonly [RegExp, BmcErrorKind][] = [
  [/^(OemLicenseNotPassed|LicenseNot\w+|\w*LicenseRequired)$/, 'unsupported'],
  [
    /^(UnauthorizedLoginAttempt|AccessDenied|InsufficientPrivilege|PasswordChangeRequired|AccountLocked)$/,
    'unauthorized',
  ],
  [/^(ServiceTemporarilyUnavailable|ServiceShuttingDown|ResourceInUse|ServiceInUnknownState)$/, 'busy'],
  [/^(ActionNotSupported|OperationNotAllowed|QueryNotSupportedOnResource)$/, 'unsupported'],
];

function kindOfMessages(messages: readonly RedfishMessage[]): BmcErrorKind | undefined {
  return kindsOfMessages.find(([pattern]) => messages.some(({ id }) => pattern.test(id)))?.[1];
}

const kindsOfStatus: Readonly<Record<number, BmcErrorKind>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'unsupported',
  405: 'unsupported',
  408: 'unreachable',
  410: 'unsupported',
  429: 'busy',
  // A BMC whose web server runs and whose other parts do not: nobody knows whether it acted.
  500: 'unreachable',
  501: 'unsupported',
  502: 'unreachable',
  503: 'busy',
  504: 'unreachable',
};

function kindOfStatus(status: number): BmcErrorKind {
  return kindsOfStatus[status] ?? (status >= 400 && status < 600 ? 'rejected' : 'protocol');
}
