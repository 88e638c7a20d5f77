import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { describe, it } from 'mocha';
import { CertificateAuthority, createServingCertificate } from './certificate-authority.ts';

describe('createServingCertificate', () => {
  it('makes a pair for names and addresses, signed by an authority of its own', async () => {
    const { ca, cert, key } = await createServingCertificate({ hosts: ['webhook.example.org', '127.0.0.1', '::1'] });
    const leaf = new X509Certificate(cert);
    const authority = new X509Certificate(ca);
    createSecureContext({ cert, key });
    assert.ok(authority.ca && !leaf.ca);
    assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
    assert.ok(leaf.checkHost('webhook.example.org') && leaf.checkIP('127.0.0.1') && leaf.checkIP('::1'));
    assert.equal(leaf.checkHost('other.example.org'), undefined);
    assert.ok(authority.verify(authority.publicKey));
  });

  it('is valid from a little before now for as long as asked', async () => {
    const nowMs = Date.UTC(2026, 0, 10);
    const { cert } = await createServingCertificate({ hosts: ['a'], validityDays: 2, nowMs });
    const { validFromDate, validToDate } = new X509Certificate(cert);
    assert.equal(validFromDate.toISOString(), '2026-01-09T23:55:00.000Z');
    assert.equal(validToDate.toISOString(), '2026-01-12T00:00:00.000Z');
  });
});

describe('CertificateAuthority', () => {
  it('issues one certificate after the other', async () => {
    const authority = await CertificateAuthority.create();
    const [first, second] = await Promise.all([authority.issue({ hosts: ['a'] }), authority.issue({ hosts: ['b'] })]);
    assert.equal(first.ca, second.ca);
    assert.match(first.ca + second.cert, /^-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----$/m);
    assert.notEqual(first.key, second.key);
    assert.notEqual(new X509Certificate(first.cert).serialNumber, new X509Certificate(second.cert).serialNumber);
  });
});
