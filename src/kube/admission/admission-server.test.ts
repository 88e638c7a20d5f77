import assert from 'node:assert/strict';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Resource } from '../../api/meta/resource.ts';
import { AdmissionServer, type AdmissionServerOptions } from './admission-server.ts';
import { createServingCertificate, type ServingCertificate } from './certificate-authority.ts';
import { fakeReview } from './fake-review.ts';
import { validator } from './handler.ts';

const resource: Resource = { group: 'example.org', version: 'v1', kind: 'Host', plural: 'hosts', namespaced: true };
const host: KubeObject = { apiVersion: 'example.org/v1', kind: 'Host', metadata: { name: 'h1', namespace: 'n' } };

describe('AdmissionServer', () => {
  let certificate: ServingCertificate;
  let stop: AbortController;
  let running: Promise<void>;
  let asked: Promise<void>;
  let answer: () => void;

  before(async () => {
    certificate = await createServingCertificate({ hosts: ['127.0.0.1'] });
  });

  beforeEach(() => {
    stop = new AbortController();
    running = Promise.resolve();
  });

  afterEach(async () => {
    stop.abort();
    answer?.();
    await running;
  });

  /** Its handler answers when the test calls `answer`. */
  async function start(options: Partial<AdmissionServerOptions> = {}): Promise<AdmissionServer> {
    const gate = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let tell = () => {};
    asked = new Promise((resolve) => {
      tell = resolve;
    });
    const handler = validator(resource, async () => {
      tell();
      await gate;
      return { problems: [] };
    });
    const server = new AdmissionServer({ handlers: [handler], certificate, host: '127.0.0.1', port: 0, ...options });
    await new Promise<void>((resolve, reject) => {
      running = server.run(stop.signal, resolve);
      running.catch(reject);
    });
    return server;
  }

  function ask(server: AdmissionServer): Promise<{ code: number | undefined; text: string }> {
    return new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        host: '127.0.0.1',
        port: server.address?.port,
        path: '/validate-example-org-v1-host',
        headers: { 'content-type': 'application/json' },
        ca: certificate.ca,
        agent: false as const,
      };
      const call = request(options, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ code: response.statusCode, text });
      });
      call.on('error', reject);
      call.end(JSON.stringify(fakeReview({ object: host })));
    });
  }

  it('serves over TLS with a certificate that its authority vouches for', async () => {
    const server = await start();
    answer();
    const { code, text } = await ask(server);
    assert.equal(code, 200);
    assert.equal(JSON.parse(text).response.allowed, true);
  });

  it('speaks no TLS older than 1.2', async () => {
    const server = await start();
    const { port = 0 } = server.address ?? {};
    const old = { minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const, ciphers: 'DEFAULT@SECLEVEL=0' };
    const handshake = (options: object) =>
      new Promise<string>((resolve, reject) => {
        const socket: TLSSocket = connect({ host: '127.0.0.1', port, ca: certificate.ca, ...options }, () => {
          resolve(socket.getProtocol() ?? '');
          socket.destroy();
        });
        socket.on('error', reject);
      });
    await assert.rejects(handshake(old), /alert|version|protocol/i);
    assert.match(await handshake({}), /TLSv1\.[23]/);
  });

  it('says that its port is taken', async () => {
    const { address } = await start();
    const { port = 0 } = address ?? {};
    const second = new AdmissionServer({ handlers: [], certificate, host: '127.0.0.1', port });
    await assert.rejects(second.run(stop.signal), (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, 'PORT_IN_USE');
      assert.equal(error.message, `port ${port} on 127.0.0.1 is in use by another program`);
      assert.match(error.hint ?? '', /--webhook-port/);
      return true;
    });
  });

  it('says that it cannot listen', async () => {
    const server = new AdmissionServer({ handlers: [], certificate, host: '192.0.2.1', port: 0 });
    await assert.rejects(server.run(stop.signal), { code: 'LISTEN_FAILED' });
  });

  it('gives the verdicts under way when it stops', async () => {
    const server = await start();
    const reply = ask(server);
    await asked;
    stop.abort();
    answer();
    assert.equal((await reply).code, 200);
    await running;
    assert.equal(server.address, undefined);
  });

  it('listens on every address unless told otherwise', async () => {
    const everywhere = new AdmissionServer({ handlers: [], certificate, port: 0 });
    let address: AddressInfo | undefined;
    await everywhere.run(stop.signal, () => {
      address = everywhere.address;
      stop.abort();
    });
    assert.ok(address?.address === '::' || address?.address === '0.0.0.0');
  });

  it('does not wait for ever for verdicts when it stops', async () => {
    const server = await start({ closeTimeoutSeconds: 0.05 });
    const reply = assert.rejects(ask(server));
    await asked;
    stop.abort();
    await running;
    await reply;
  });

  it('does not begin when it is stopped before', async () => {
    stop.abort();
    await new AdmissionServer({ handlers: [], certificate, port: 0 }).run(stop.signal, () => assert.fail('ready'));
  });

  it('refuses two handlers for one path', () => {
    const handler = validator(resource, () => ({ problems: [] }));
    assert.throws(
      () => new AdmissionServer({ handlers: [handler, handler], certificate }),
      /two webhooks at \/validate/,
    );
  });
});
