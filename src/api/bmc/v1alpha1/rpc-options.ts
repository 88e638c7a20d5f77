import { list, map } from '../../schema/collection.ts';
import { object, required } from '../../schema/object.ts';
import { flag, text } from '../../schema/scalar.ts';
import { secretReference } from './secret-reference.ts';

const request = object('How the request is made.', {
  httpContentType: text('Content type; `application/json` when absent.'),
  httpMethod: text('Method; `POST` when absent.'),
  staticHeaders: map('Headers to add to every request.', list('Values of the header.', text('A value.'))),
  timestampFormat: text('Layout of the time stamp, as Go writes layouts; RFC 3339 when absent.'),
  timestampHeader: text('Header that carries the time stamp; `X-Rufio-Timestamp` when absent.'),
});

const signature = object('Where the signature of a request goes.', {
  headerName: text('Header that carries the signature; `X-Rufio-Signature` when absent.'),
  appendAlgoToHeaderDisabled: flag('Do not append `-256` or `-512` to the name of the header.'),
  includedPayloadHeaders: list('Headers to sign along with the body.', text('Name of a header.')),
});

const hmac = object('How requests are signed.', {
  prefixSigDisabled: flag('Do not put `sha256=` or `sha512=` in front of the signature.'),
  secrets: map(
    'Keys by algorithm, `sha256` or `sha512`; a request carries one signature for every key.',
    list('Secrets with the keys.', secretReference('A Secret with a key.')),
  ),
});

const experimental = object('Changes to the body of a request that may go away.', {
  customRequestPayload: text('JSON or YAML to send, with a place for our request object.'),
  dotPath: text('The place for our body within `customRequestPayload`, its names joined by dots.'),
});

/** Settings of the RPC way: a web service of the user does the work. */
export const rpcOptions = object('A web service does the work instead of a BMC; requests are signed JSON.', {
  consumerURL: required(text('URL of the service.')),
  logNotificationsDisabled: flag('Do not log requests and answers.'),
  request,
  signature,
  hmac,
  experimental,
});
