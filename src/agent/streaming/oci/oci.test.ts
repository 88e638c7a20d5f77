import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'mocha';
import { Agent } from 'undici';
import { parseChallenge } from './challenge.ts';
import { imageLayer, parseManifest, platformManifest } from './manifest.ts';
import { parseReference } from './reference.ts';
import { findLayer, type RegistryOptions } from './registry.ts';

const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const layerDigest = digest('the disk');
const layerType = 'application/vnd.oci.image.layer.v1.tar';
const image = JSON.stringify({ layers: [{ mediaType: layerType, digest: layerDigest, size: 8 }] });
const index = JSON.stringify({
  manifests: [
    { mediaType: 'x', digest: digest('other'), size: 1, platform: { os: 'linux', architecture: 'riscv64' } },
    { mediaType: 'x', digest: digest(image), size: 1, platform: { os: 'linux', architecture: 'amd64' } },
  ],
});

describe('parseReference', () => {
  const cases: [string, string, string, string][] = [
    ['ubuntu', 'registry-1.docker.io', 'library/ubuntu', 'latest'],
    ['me/disk:v1.gz', 'registry-1.docker.io', 'me/disk', 'v1.gz'],
    ['localhost/disk', 'localhost', 'disk', 'latest'],
    ['r.local:5000/a/b-c/d:1', 'r.local:5000', 'a/b-c/d', '1'],
    [`ghcr.io/a/b:1@${layerDigest}`, 'ghcr.io', 'a/b', layerDigest],
  ];
  for (const [text, host, repository, tag] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(parseReference(text), { host, repository, tag }));
  }

  it('refuses what could become another address', () => {
    for (const text of [
      '',
      'r.local/../x',
      'r.local/a?b',
      'r.local/A',
      'r.local/a:b/c',
      'a@sha256:12',
      'a@md5:00',
      'a:',
    ]) {
      assert.throws(() => parseReference(text), { code: 'OCI_REFERENCE_INVALID' }, text);
    }
  });
});

describe('parseChallenge', () => {
  it('makes the address of the token', () => {
    const header = 'Bearer realm="https://auth.local/token",service="reg",scope="repository:a:pull"';
    assert.deepEqual(parseChallenge(header, 'a'), {
      scheme: 'bearer',
      tokenUrl: 'https://auth.local/token?service=reg&scope=repository%3Aa%3Apull',
    });
    assert.deepEqual(parseChallenge('Basic realm="x"', 'a'), { scheme: 'basic' });
  });

  it('understands no realm that is no address', () => {
    for (const header of [
      undefined,
      '',
      'Digest x',
      'Bearer',
      'Bearer realm="file:///etc/passwd"',
      'Bearer realm="x"',
    ]) {
      assert.equal(parseChallenge(header, 'a'), undefined);
    }
  });
});

describe('manifests', () => {
  it('take a layer without a title, and refuse none or several', () => {
    const layer = { mediaType: layerType, digest: layerDigest, size: 8 };
    const config = { ...layer, mediaType: 'application/vnd.example.notes' };
    assert.deepEqual(imageLayer([config, layer]), layer);
    assert.match(String(imageLayer([config])), /vnd.example.notes/);
    assert.match(String(imageLayer([])), /none/);
    assert.match(String(imageLayer([layer, layer])), /several/);
  });

  it('choose the platform, and say what there is', () => {
    const parsed = parseManifest(Buffer.from(index));
    assert.ok(parsed.kind === 'index');
    assert.equal((platformManifest(parsed.manifests, 'x64') as { digest: string }).digest, digest(image));
    assert.match(
      String(platformManifest(parsed.manifests, 'arm64')),
      /linux\/riscv64, linux\/amd64, not for linux\/arm64/,
    );
  });

  it('are refused with a reason when they are none', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '{"layers":[{}]}',
      '{"layers":[null]}',
      '{"manifests":[{"size":-1}]}',
    ]) {
      assert.throws(() => parseManifest(Buffer.from(text)), Error, text);
    }
  });
});

describe('findLayer', () => {
  let server: Server | undefined;
  const requests: { url: string; authorization: string | undefined }[] = [];

  afterEach(async () => {
    requests.length = 0;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  /** A registry whose answers are given by path; 401 with `challenge` without the right credentials. */
  async function registry(
    answers: Record<string, string>,
    auth?: { challenge: string; accept: string },
  ): Promise<string> {
    server = createServer((request, response) => {
      const { authorization } = request.headers;
      const { port } = (server as Server).address() as AddressInfo;
      requests.push({ url: request.url ?? '', authorization });
      const body = answers[(request.url ?? '').split('?')[0] ?? ''];
      const isToken = request.url?.startsWith('/token') === true;
      if (auth !== undefined && !isToken && authorization !== auth.accept) {
        response.writeHead(401, { 'www-authenticate': auth.challenge.replace('PORT', String(port)) }).end();
      } else response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((resolve) => {
      server?.listen(0, '127.0.0.1', resolve);
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function find(host: string, options: Partial<RegistryOptions> = {}) {
    const dispatcher = new Agent();
    const { signal } = new AbortController();
    try {
      const reference = `${host}/disks/ubuntu:v1`;
      return await findLayer({ reference, dispatcher, signal, scheme: 'http', architecture: 'x64', ...options });
    } finally {
      await dispatcher.destroy();
    }
  }

  const manifests = {
    '/v2/disks/ubuntu/manifests/v1': index,
    [`/v2/disks/ubuntu/manifests/${digest(image)}`]: image,
  };

  it('goes from index to manifest to layer', async () => {
    const host = await registry(manifests);
    const layer = await find(host);
    assert.deepEqual(layer, {
      url: `http://${host}/v2/disks/ubuntu/blobs/${layerDigest}`,
      headers: {},
      sizeBytes: 8,
      sha256: layerDigest.slice(7),
    });
  });

  it('fetches a token with the credentials it was given, and shows only the token to the registry', async () => {
    const bearer = { challenge: 'Bearer realm="http://127.0.0.1:PORT/token",service="r"', accept: 'Bearer abc' };
    const host = await registry({ ...manifests, '/token': '{"token":"abc"}' }, bearer);
    const layer = await find(host, { username: 'me', password: 'secret' });
    assert.deepEqual(layer.headers, { authorization: 'Bearer abc' });
    const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    assert.deepEqual(
      requests.filter(({ authorization }) => authorization === basic).map(({ url }) => url.split('?')[0]),
      ['/token'],
    );
  });

  it('shows a user name and password to a registry that asks for them, and not otherwise', async () => {
    const accept = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    const host = await registry(manifests, { challenge: 'Basic realm="x"', accept });
    const layer = await find(host, { username: 'me', password: 'secret' });
    assert.deepEqual(layer.headers, { authorization: accept });
    await assert.rejects(find(host), { code: 'OCI_REGISTRY_FAILED' });
  });

  it('refuses a manifest that is not the one its digest names', async () => {
    const host = await registry({ ...manifests, [`/v2/disks/ubuntu/manifests/${digest(image)}`]: `${image} ` });
    await assert.rejects(find(host), /its digest is sha256:/);
  });

  it('asks once more after wrong credentials, not for ever', async () => {
    const bearer = { challenge: 'Bearer realm="http://127.0.0.1:PORT/token"', accept: 'Bearer right' };
    const host = await registry({ ...manifests, '/token': '{"access_token":"wrong"}' }, bearer);
    await assert.rejects(find(host), { code: 'OCI_REGISTRY_FAILED' });
    assert.equal(requests.length, 3);
  });

  it('takes no token that is none', async () => {
    for (const token of ['{}', 'null', 'x', '{"token":"a\\nb"}', '{"token":5}']) {
      const host = await registry(
        { '/token': token },
        { challenge: 'Bearer realm="http://127.0.0.1:PORT/token"', accept: '' },
      );
      await assert.rejects(find(host), /holds none/, token);
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
    }
  });
});
