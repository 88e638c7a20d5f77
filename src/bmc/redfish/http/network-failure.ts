import type { BmcErrorKind } from '../../bmc-error.ts';
import { at, textAt } from '../json.ts';
import { AnswerTooLarge } from './transport.ts';

export interface NetworkFailure {
  kind: BmcErrorKind;
  text: string;
}

/** What an exception of the transport means. Only its text is used: undici's exceptions carry pieces of answers. */
export function networkFailureOf(error: unknown): NetworkFailure {
  const code = textAt(error, 'code') ?? textAt(at(error, 'cause'), 'code') ?? '';
  const message = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof AnswerTooLarge) return { kind: 'protocol', text: message };
  if (/^HPE_|^UND_ERR_(HEADERS_OVERFLOW|RES_|RESPONSE)/.test(code)) {
    return { kind: 'protocol', text: `the answer is not HTTP (${code})` };
  }
  if (certificateCodes.test(code)) {
    const hint = 'give the authority that signed it, or accept any certificate (insecureTLS)';
    return { kind: 'protocol', text: `its certificate is not trusted (${code}); ${hint}` };
  }
  if (/WRONG_VERSION_NUMBER/.test(code)) {
    return { kind: 'protocol', text: 'TLS fails: what answers on this port does not speak it, or only a very old one' };
  }
  if (/^ERR_SSL_|^ERR_TLS_|^EPROTO$/.test(code)) {
    return { kind: 'protocol', text: `TLS fails (${code}); very old BMCs need oldTLS` };
  }
  return { kind: 'unreachable', text: code === '' || message.includes(code) ? message : `${message} (${code})` };
}

/** Of a certificate that does not convince: OpenSSL's `X509_V_ERR_…` without the prefix, and Node's own. */
const certificateCodes =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|CERT_\w+|UNABLE_TO_(GET|VERIFY|DECODE)_\w+|INVALID_CA|HOSTNAME_MISMATCH)$/;

/** Whether a kept connection had just gone: BMCs close idle ones without a word. */
export function wasConnectionLost(error: unknown): boolean {
  const code = textAt(error, 'code') ?? '';
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
