import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ActionContext } from '../../src/agent/actions/action.ts';
import { checkedEnvironment } from '../../src/agent/actions/environment.ts';
import { oci2disk } from '../../src/agent/actions/oci2disk/oci2disk.ts';
import { Processes } from '../../src/agent/process/processes.ts';
import { sampleImage } from '../../src/agent/streaming/sample-image.ts';
import { systemClock } from '../../src/api/time/clock.ts';

const image = sampleImage(4 << 20);
const blob = zstdCompressSync(image);
const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;

describe('oci2disk against a registry', () => {
  let folder = '';
  let disk = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-oci-'));
    disk = join(folder, 'disk');
    writeFileSync(disk, Buffer.alloc(image.length, 0xee));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the action against a registry with one layer, without a title, that serves `served`. */
  async function run(served: Buffer, env: Record<string, string> = {}): Promise<string | undefined> {
    const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: blob.length };
    const server = createServer((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
      } else if (request.url === '/v2/disks/ubuntu/manifests/v1') response.end(JSON.stringify({ layers: [layer] }));
      else if (request.url === `/v2/disks/ubuntu/blobs/${digest}`) response.end(served);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { signal } = new AbortController();
    const log = (): void => {};
    const processes = new Processes({
      mark: randomUUID(),
      signal,
      clock: systemClock,
      proc: '/proc',
      env: process.env,
      log,
    });
    const context: Partial<ActionContext> = {
      env: checkedEnvironment(oci2disk, {
        IMG_URL: `127.0.0.1:${(server.address() as AddressInfo).port}/disks/ubuntu:v1`,
        DEST_DISK: disk,
        REGISTRY_USERNAME: 'me',
        REGISTRY_PASSWORD: 'secret',
        REGISTRY_HTTP: 'true',
        ...env,
      }),
      args: [],
      signal,
      clock: systemClock,
      paths: { sys: '/sys', proc: '/proc', dev: '/dev', run: folder },
      log,
      progress: log,
      run: processes.run.bind(processes),
      start: processes.start.bind(processes),
    };
    try {
      return (await oci2disk.run(context as ActionContext)).message;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('writes a layer without a title', async () => {
    assert.match((await run(blob)) ?? '', /wrote 4194304 bytes \(zst/);
    assert.equal(Buffer.compare(readFileSync(disk), image), 0);
  });

  it('checks the digest of the layer, also when the data can be decompressed', async () => {
    const other = zstdCompressSync(sampleImage(4 << 20, 2));
    await assert.rejects(run(other), { code: /IMAGE_(DIGEST|LENGTH)_WRONG/ });
    assert.ok(
      readFileSync(disk)
        .subarray(0, 1 << 20)
        .every((byte) => byte === 0 || byte === 0xee),
    );
  });

  it('issue actions#170: refuses a disk that is not there instead of making a file of it', async () => {
    await assert.rejects(run(blob, { DEST_DISK: join(folder, 'missing') }), { code: 'DISK_NOT_FOUND' });
    assert.throws(() => readFileSync(join(folder, 'missing')), { code: 'ENOENT' });
  });
});
