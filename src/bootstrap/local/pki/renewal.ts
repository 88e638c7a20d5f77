import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Credential } from './certificate.ts';

/** What an existing certificate has to satisfy to be kept. */
export interface CertificateDemand {
  /** PEM of the authority that must have signed it; itself for an authority. */
  authority?: string;
  commonName: string;
  subjectAltNames: readonly string[];
  now: Date;
  /** Remaining life below which it is renewed. */
  renewBeforeDays: number;
}

/** Why a certificate cannot be kept, in words, or `undefined` when it is good. */
export function renewalReason({ certificate, key }: Credential, demand: CertificateDemand): string | undefined {
  let parsed: X509Certificate;
  let matches: boolean;
  try {
    parsed = new X509Certificate(certificate);
    matches = parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    return 'it cannot be read';
  }
  if (!matches) return 'the key is not that of the certificate';
  const remainingDays = (Date.parse(parsed.validTo) - demand.now.getTime()) / 86_400_000;
  if (remainingDays < 0) return 'it has expired';
  if (remainingDays < demand.renewBeforeDays) return `it expires in ${Math.floor(remainingDays)} days`;
  if (!parsed.subject.split('\n').includes(`CN=${demand.commonName}`)) return 'it is for somebody else';
  if (demand.authority !== undefined && !isSignedBy(parsed, demand.authority)) return 'its authority has changed';
  const missing = demand.subjectAltNames.find((name) => !covers(parsed, name));
  return missing === undefined ? undefined : `it is not valid for ${missing}`;
}

function isSignedBy(certificate: X509Certificate, authority: string): boolean {
  const issuer = new X509Certificate(authority);
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function covers(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
}
