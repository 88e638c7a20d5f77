import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CaptError } from '../../api/errors/capt-error.ts';
import { DeadlineExceeded } from '../client/deadline.ts';
import { KubeConnectionError, KubeError } from '../client/errors.ts';
import { explainFailure } from './explain-failure.ts';

const server = 'https://10.0.0.1:6443';
const coded = (code: string, message = code) => Object.assign(new Error(message), { code });
const broken = (cause: unknown) => new KubeConnectionError('get /version', cause);
const refused = (code: number, message = '') => new KubeError('get /version', { kind: 'Status', code, message });

const cases: { name: string; error: unknown; code: string; message: RegExp }[] = [
  {
    name: 'connection refused',
    error: broken(coded('ECONNREFUSED')),
    code: 'API_SERVER_UNREACHABLE',
    message: /10\.0\.0\.1:6443 does not answer: connection refused/,
  },
  {
    name: 'connection refused on every address',
    error: broken(
      Object.assign(new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')], ''), { code: 'ECONNREFUSED' }),
    ),
    code: 'API_SERVER_UNREACHABLE',
    message: /connection refused/,
  },
  {
    name: 'unknown name',
    error: broken(coded('ENOTFOUND', 'getaddrinfo ENOTFOUND api.example')),
    code: 'API_SERVER_UNREACHABLE',
    message: /not known to DNS/,
  },
  { name: 'DNS down', error: broken(coded('EAI_AGAIN')), code: 'API_SERVER_UNREACHABLE', message: /DNS does not/ },
  {
    name: 'no connection in time',
    error: broken(coded('UND_ERR_CONNECT_TIMEOUT')),
    code: 'API_SERVER_UNREACHABLE',
    message: /no connection in time/,
  },
  {
    name: 'no answer in time',
    error: broken(new DeadlineExceeded(30)),
    code: 'API_SERVER_UNREACHABLE',
    message: /no answer in time/,
  },
  { name: 'no route', error: broken(coded('EHOSTUNREACH')), code: 'API_SERVER_UNREACHABLE', message: /no route/ },
  {
    name: 'reset, wrapped by fetch',
    error: broken(new TypeError('fetch failed', { cause: coded('ECONNRESET') })),
    code: 'API_SERVER_UNREACHABLE',
    message: /was cut/,
  },
  {
    name: 'something new',
    error: broken(coded('EWHATEVER', 'the wire melted')),
    code: 'API_SERVER_UNREACHABLE',
    message: /the wire melted/,
  },
  {
    name: 'wrong CA',
    error: broken(coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate')),
    code: 'API_SERVER_NOT_TRUSTED',
    message: /unable to verify the first certificate/,
  },
  {
    name: 'self-signed',
    error: broken(coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain')),
    code: 'API_SERVER_NOT_TRUSTED',
    message: /self-signed/,
  },
  {
    name: 'server certificate expired',
    error: broken(coded('CERT_HAS_EXPIRED', 'certificate has expired')),
    code: 'API_SERVER_NOT_TRUSTED',
    message: /has expired/,
  },
  {
    name: 'certificate for another name',
    error: broken(coded('ERR_TLS_CERT_ALTNAME_INVALID', "IP: 10.0.0.1 is not in the cert's list")),
    code: 'API_SERVER_NOT_TRUSTED',
    message: /not in the cert's list/,
  },
  {
    name: 'no TLS there',
    error: broken(coded('ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number')),
    code: 'NOT_KUBERNETES',
    message: /wrong version number/,
  },
  {
    name: 'client certificate file gone',
    error: broken(coded('ENOENT', "ENOENT: no such file or directory, open 'client.crt'")),
    code: 'API_CREDENTIALS_UNUSABLE',
    message: /client\.crt/,
  },
  {
    name: 'garbage for a key',
    error: broken(coded('ERR_OSSL_PEM_NO_START_LINE', 'no start line')),
    code: 'API_CREDENTIALS_UNUSABLE',
    message: /no start line/,
  },
  { name: '401', error: refused(401), code: 'API_UNAUTHENTICATED', message: /does not accept the credentials/ },
  {
    name: '403',
    error: refused(403, 'nodes is forbidden: User "bob" cannot list resource "nodes"'),
    code: 'API_FORBIDDEN',
    message: /User "bob" cannot list/,
  },
  { name: '503', error: refused(503, 'starting'), code: 'API_SERVER_NOT_READY', message: /starting/ },
];

describe('explainFailure', () => {
  for (const { name, error, code, message } of cases) {
    it(`${name} → ${code}`, () => {
      const explained = explainFailure(error, server) as CaptError;
      assert.equal(explained.code, code);
      assert.match(explained.message, message);
      assert.ok(explained.message.includes(server));
      assert.doesNotMatch(`${explained.message} ${explained.hint}`, /\{\w+\}/, 'a placeholder was left');
      assert.equal(explained.cause, error);
    });
  }

  for (const [name, error] of Object.entries({
    'a bug': new TypeError('x is not a function'),
    'a conflict': refused(409),
    'something thrown': 'text',
  })) {
    it(`leaves ${name} as it is`, () => {
      assert.equal(explainFailure(error, server), error);
    });
  }
});
