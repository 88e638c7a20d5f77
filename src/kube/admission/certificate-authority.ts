// Must come before @peculiar/x509, which looks for it while loading.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

/** A certificate with its key, PEM. */
export interface CertificatePair {
  cert: string;
  key: string;
}

/** What a server needs, and what its clients have to trust, PEM. */
export interface ServingCertificate extends CertificatePair {
  ca: string;
}

export interface CertificateAuthorityOptions {
  /** Default `capt`. */
  name?: string;
  /** Default 3650. */
  validityDays?: number;
  nowMs?: number;
}

export interface IssueOptions {
  /** DNS names and IP addresses of the server. */
  hosts: readonly string[];
  /** Whom it names: a server (default), or a client that a server asks for its certificate. */
  usage?: 'server' | 'client';
  /** Default 365. */
  validityDays?: number;
  nowMs?: number;
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
/** Clocks of client and server need not agree. */
const skewMs = 300_000;

/** A certificate authority in memory, for servers that only our own API server has to trust. */
export class CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly #certificate: x509.X509Certificate;
  readonly #keys: CryptoKeyPair;

  private constructor(certificate: x509.X509Certificate, keys: CryptoKeyPair) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.certificate = pem(certificate);
  }

  static async create(options: CertificateAuthorityOptions = {}): Promise<CertificateAuthority> {
    const { name = 'capt', validityDays = 3650, nowMs = Date.now() } = options;
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(nowMs, validityDays),
      name: `CN=${name}-ca`,
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(certificate, keys);
  }

  /** A certificate for a TLS server, or with `usage` for a client. */
  async issue({
    hosts,
    usage = 'server',
    validityDays = 365,
    nowMs = Date.now(),
  }: IssueOptions): Promise<ServingCertificate> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(nowMs, validityDays),
      // What a server is called is in its alternative names; a subject may be at most 64 characters.
      subject: 'CN=capt',
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[`${usage}Auth`]]),
        new x509.SubjectAlternativeNameExtension(hosts.map(alternativeName)),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return {
      ca: this.certificate,
      cert: pem(certificate),
      key: `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`,
    };
  }
}

/** A server certificate signed by an authority of its own, whose key is forgotten at once. */
export async function createServingCertificate(options: IssueOptions): Promise<ServingCertificate> {
  const authority = await CertificateAuthority.create(options);
  return await authority.issue(options);
}

function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validity(nowMs: number, days: number) {
  return {
    // Positive, as RFC 5280 asks and Go insists.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    notBefore: new Date(nowMs - skewMs),
    notAfter: new Date(nowMs + days * dayMs),
  };
}

/** Ends its last line, so that certificates can be put one after the other. */
function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function alternativeName(host: string): x509.JsonGeneralName {
  return { type: isIP(host) === 0 ? 'dns' : 'ip', value: host };
}
