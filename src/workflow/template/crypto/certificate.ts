import { createPrivateKey, X509Certificate } from 'node:crypto';
import { bufferOf, bytesOf } from '../value/bytes.ts';
import { GoError } from '../value/error.ts';
import { GoType, types } from '../value/type.ts';
import { GoStruct } from '../value/value.ts';

/** A certificate and its key, as sprig hands them around. */
export const certificateType = new GoType('struct', 'sprig.certificate', {
  fields: () => ['Cert', 'Key'].map((name) => ({ name, type: types.string, json: name, omitEmpty: false })),
});

/** Checks PEM texts of a certificate and a private key, and puts them together. */
export function certificate(cert: string, key: string): GoStruct {
  if (!/-----BEGIN ([^-]+)-----[\s\S]*-----END \1-----/.test(cert)) throw new GoError('unable to decode certificate');
  checked('error parsing certificate: decodedCert.Bytes', () => new X509Certificate(bufferOf(cert)));
  checked('error parsing private key', () => checkKey(key));
  return new GoStruct(
    certificateType,
    new Map([
      ['Cert', cert],
      ['Key', key],
    ]),
  );
}

function checkKey(key: string): void {
  const [, type] = /-----BEGIN ([^-]+)-----[\s\S]*-----END \1-----/.exec(key) ?? [];
  if (type === undefined) throw new GoError('no PEM data in input');
  if (type !== 'PRIVATE KEY' && !type.endsWith(' PRIVATE KEY')) {
    throw new GoError(`no private key data in PEM block of type ${type}`);
  }
  const kind = type.slice(0, -' PRIVATE KEY'.length);
  if (!['', 'RSA', 'EC', 'DSA'].includes(kind)) throw new GoError(`invalid private key type ${kind}`);
  createPrivateKey({ key: bufferOf(key) });
}

function checked(what: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw new GoError(`${what}: ${error instanceof Error ? bytesOf(error.message) : String(error)}`);
  }
}
