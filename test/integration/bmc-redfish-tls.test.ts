import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { RedfishDriver } from '../../src/bmc/redfish/redfish-driver.ts';
import { CertificateAuthority } from '../../src/kube/admission/certificate-authority.ts';
import type { VirtualRedfishTls } from '../../src/rack/bmc/redfish/options.ts';
import { call, credentials, failsAs, Rig, silentPort } from './bmc-redfish-rig.ts';

describe('the Redfish driver over TLS', () => {
  let ca: string;
  let tls: VirtualRedfishTls;
  let named: VirtualRedfishTls;
  const https = { scheme: 'https' } as const;
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

  before(async () => {
    const authority = await CertificateAuthority.create({ name: 'bmcs' });
    const { cert, key } = await authority.issue({ hosts: ['127.0.0.1'] });
    ca = authority.certificate;
    tls = { cert, key };
    const other = await authority.issue({ hosts: ['idrac-7.example'] });
    named = { cert: other.cert, key: other.key };
  });

  it('trusts a BMC whose authority it is given', async () => {
    await using rig = await Rig.start({ tls });
    await using session = await rig.open({ ...https, caCertificates: ca });
    assert.equal(await session.powerState(call()), 'off');
  });

  it('does not trust one that signed for itself, and sends it no password', async () => {
    await using rig = await Rig.start({ tls });
    await failsAs('protocol', rig.open(https), /certificate is not trusted \(\w+\).*insecureTLS/);
    assert.deepEqual(rig.bmc.requests, []);
  });

  it('does not trust one that bears another name, unless told that name', async () => {
    await using rig = await Rig.start({ tls: named });
    await failsAs(
      'protocol',
      rig.open({ ...https, caCertificates: ca }),
      /not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
    await using session = await rig.open({ ...https, caCertificates: ca, tlsServerName: 'idrac-7.example' });
    assert.equal(await session.powerState(call()), 'off');
  });

  it('accepts any certificate when told to', async () => {
    await using rig = await Rig.start({ tls: named });
    await using session = await rig.open({ ...https, insecureTLS: true });
    assert.equal(await session.powerState(call()), 'off');
  });

  it('speaks old TLS only when told to, and verifies there too', async () => {
    await using rig = await Rig.start({ tls: { ...tls, ...old } });
    await failsAs('protocol', rig.open({ ...https, caCertificates: ca }), /TLS fails.*oldTLS/);
    await failsAs('protocol', rig.open({ ...https, oldTLS: true }), /not trusted/);
    await using session = await rig.open({ ...https, oldTLS: true, caCertificates: ca });
    assert.equal(await session.powerState(call()), 'off');
  });

  it('says so when there is no TLS on the port, or TLS where none was expected', async () => {
    await using clear = await Rig.start();
    await failsAs('protocol', clear.open(https), /TLS fails/);
    await using covered = await Rig.start({ tls });
    const outcome = await failsAs('unreachable', covered.open({ scheme: 'http' }));
    assert.match(outcome.message, /GET \/redfish\/v1\//);
  });

  it('gives up on one that accepts the connection and says nothing', async () => {
    await using silent = await silentPort();
    const { port } = silent;
    const opening = new RedfishDriver().open(
      { host: '127.0.0.1', port, credentials },
      { requestTimeoutSeconds: 0.3, ...call() },
    );
    await failsAs('unreachable', opening, /no answer within 0\.3 s/);
  });
});
