import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ensurePki } from './pki.ts';
import { certificateNames, planCertificates, reachableAddresses } from './plan.ts';

const now = new Date('2026-06-01T00:00:00Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

describe('the keys of a control plane', () => {
  let directory: string;
  const ensure = (options: { now?: Date; apiAddresses?: string[] } = {}) =>
    ensurePki({ directory, apiAddresses: ['127.0.0.1'], now, ...options });
  const reasons = async (options: Parameters<typeof ensure>[0] = {}) => [...(await ensure(options)).renewed].sort();

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'capt-pki-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('are made once, for their owner only, and kept', async () => {
    const first = await ensure();
    assert.equal(first.renewed.length, 3 + certificateNames.length + 1);
    for (const file of readdirSync(directory)) assert.equal(statSync(join(directory, file)).mode & 0o777, 0o600, file);
    const second = await ensure();
    assert.deepEqual(second, { ...first, renewed: [] });
  });

  it('say who each is and who signed it', async () => {
    const { certificates, authorities } = await ensure();
    for (const [name, { authority, commonName, organization }] of Object.entries(planCertificates([]))) {
      const certificate = new X509Certificate(certificates[name as keyof typeof certificates].certificate);
      const issuer = new X509Certificate(authorities[authority].certificate);
      assert.ok(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey), name);
      assert.ok(certificate.subject.includes(`CN=${commonName}`), name);
      if (organization !== undefined) assert.ok(certificate.subject.includes(`O=${organization}`), name);
      assert.equal(certificate.ca, false);
    }
    const api = new X509Certificate(certificates.apiserver.certificate);
    for (const ip of ['127.0.0.1', '::1', '10.96.0.1']) assert.ok(api.checkIP(ip), ip);
    for (const host of ['localhost', 'kubernetes.default.svc']) assert.ok(api.checkHost(host), host);
    assert.equal(api.checkIP('192.0.2.1'), undefined);
  });

  it('are renewed 30 days before their end, and the authorities stay', async () => {
    const first = await ensure();
    assert.deepEqual(await reasons({ now: later(334) }), []);
    const renewed = await ensure({ now: later(336) });
    assert.equal(renewed.renewed.length, certificateNames.length);
    assert.match(renewed.renewed.join(), /it expires in 29 days/);
    assert.deepEqual(renewed.authorities, first.authorities);
  });

  it('are renewed below an authority that is, and the service account key never is', async () => {
    await ensure();
    const key = readFileSync(join(directory, 'service-accounts.key'), 'utf8');
    const after = await ensure({ now: later(3650) });
    assert.equal(after.renewed.length, 3 + certificateNames.length);
    assert.equal(readFileSync(join(directory, 'service-accounts.key'), 'utf8'), key);
  });

  it('are renewed when the API server gets an address that its certificate does not name', async () => {
    await ensure();
    assert.deepEqual(await reasons({ apiAddresses: ['192.0.2.7'] }), ['apiserver: it is not valid for 192.0.2.7']);
    assert.deepEqual(await reasons({ apiAddresses: ['127.0.0.1'] }), []);
  });

  it('are made anew where a file is damaged or belongs to another', async () => {
    await ensure();
    writeFileSync(join(directory, 'admin.crt'), 'half a certif');
    writeFileSync(join(directory, 'etcd.key'), readFileSync(join(directory, 'admin.key')));
    rmSync(join(directory, 'apiserver.key'));
    assert.deepEqual(await reasons(), [
      'admin: it cannot be read',
      'apiserver: it was missing',
      'etcd: the key is not that of the certificate',
    ]);
  });

  it('name the addresses under which a server is reached', () => {
    const machine = ['127.0.0.1', '192.0.2.5', 'fe80::1', '2001:db8::5'];
    assert.deepEqual(reachableAddresses('192.0.2.5', machine), ['192.0.2.5']);
    assert.deepEqual(reachableAddresses('0.0.0.0', machine), ['127.0.0.1', '192.0.2.5', '2001:db8::5']);
  });
});
