import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import type { ErrorCode } from '../../api/errors/table.ts';
import { KubeConnectionError, KubeError } from '../client/errors.ts';

/**
 * The one clear error for a failure to work with an API server: what is wrong, with which server, and the next step.
 * What is no such failure (a bug, a refusal that concerns one object) comes back as it is.
 */
export function explainFailure(error: unknown, server: string): unknown {
  if (error instanceof KubeConnectionError) return explainConnection(error, server);
  if (!(error instanceof KubeError)) return error;
  switch (error.code) {
    case 401:
      return new CaptError('API_UNAUTHENTICATED', { server }, { cause: error });
    case 403:
      return new CaptError('API_FORBIDDEN', { server, cause: error.message }, { cause: error });
    case 500:
    case 502:
    case 503:
    case 504:
      return new CaptError('API_SERVER_NOT_READY', { server, cause: error.message }, { cause: error });
    default:
      return error;
  }
}

/** OpenSSL's and Node's names for a certificate that a client does not accept. */
const untrusted =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|ERR_TLS_CERT)/;
/** The server speaks, but no TLS; or it speaks TLS and no HTTP. */
const otherProtocol = /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST|EPROTO|HPE_)/;
/** Certificate, key, token file or plugin of the kubeconfig. */
const ownCredentials = /^(ENOENT|EACCES|EISDIR|ERR_OSSL_)/;

const inWords: Record<string, string> = {
  ECONNREFUSED: 'connection refused, nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'its name is not known to DNS',
  EAI_AGAIN: 'its name cannot be resolved, DNS does not answer',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  DeadlineExceeded: 'no answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
};

function explainConnection(error: KubeConnectionError, server: string): CaptError {
  const { code, message } = rootOf(error.cause);
  return new CaptError(codeFor(code), { server, cause: inWords[code] ?? message }, { cause: error });
}

function codeFor(code: string): ErrorCode {
  if (untrusted.test(code)) return 'API_SERVER_NOT_TRUSTED';
  if (otherProtocol.test(code)) return 'NOT_KUBERNETES';
  if (ownCredentials.test(code)) return 'API_CREDENTIALS_UNUSABLE';
  return 'API_SERVER_UNREACHABLE';
}

/** The innermost error with a code: Node and undici wrap it once or twice, and gather the attempts of several addresses. */
function rootOf(thrown: unknown): { code: string; message: string } {
  let found = { code: '', message: messageOf(thrown) };
  for (let next: unknown = thrown; next instanceof Error; next = innerOf(next)) {
    const { code = next.name } = next as NodeJS.ErrnoException;
    if (next.message !== '') found = { code, message: next.message };
    else found.code = code;
  }
  return found;
}

function innerOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}
