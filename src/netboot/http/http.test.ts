import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { TrustedProxies } from '../../kube/http/trusted-proxies.ts';
import { FakeHardwareCache, type FakeHardwareOptions, fakeHardware } from '../hardware/fake-hardware.ts';
import { BootFiles } from '../ipxe/boot-files.ts';
import { BootPrograms } from '../ipxe/boot-programs.ts';
import { Scripts } from '../ipxe/scripts.ts';
import { bootRoutes } from './boot-routes.ts';
import { parseRange } from './byte-range.ts';
import { fileRoutes } from './file-routes.ts';
import { Folder } from './folder.ts';

const proxies = new TrustedProxies(['198.51.100.0/24']);
/** What this process has open inside of a folder. */
function openFiles(folder: string): string[] {
  const files: string[] = [];
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      files.push(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      // Closed since, as the one that has just listed the folder is.
    }
  }
  return files.filter((file) => file.startsWith(`${folder}/`));
}

const digestOf = (content: Buffer | string) => createHash('sha256').update(content).digest('base64');

describe('parseRange', () => {
  const cases: [string | undefined, ReturnType<typeof parseRange>][] = [
    [undefined, undefined],
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=5-', { first: 5, last: 9 }],
    ['BYTES=2-100', { first: 2, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-30', { first: 0, last: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', undefined],
    ['bytes=0-1,3-4', undefined],
    ['bytes=-', undefined],
    ['bytes=a-b', undefined],
    ['lines=0-1', undefined],
    [`bytes=${'9'.repeat(400)}-`, undefined],
  ];
  for (const [header, expected] of cases) {
    it(`reads ${header?.slice(0, 40)}`, () => assert.deepEqual(parseRange(header, 10), expected));
  }

  it('keeps inside the content', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, sizeBytes) => {
        const range = parseRange(`bytes=${text}`, sizeBytes);
        if (typeof range === 'object') assert.ok(range.first <= range.last && range.last < sizeBytes);
      }),
    );
    assert.equal(parseRange('bytes=-5', 0), 'unsatisfiable');
  });
});

describe('boot routes', () => {
  let app: FastifyInstance;
  let ready: boolean;
  const content = Buffer.from('0123456789');
  const etag = `"${digestOf(content)}"`;
  const modifiedMs = Date.UTC(2026, 0, 2);

  function make(options: FakeHardwareOptions = {}): void {
    ready = true;
    const { index: hardware } = new FakeHardwareCache(fakeHardware(options));
    const about = { format: 'EFI x86-64', modifiedMs, sha256: digestOf(content) } as const;
    const programs = new BootPrograms('/programs', [{ name: 'ipxe.efi', content, ...about }]);
    const settings = { osieUrl: 'http://192.0.2.1', grpcAuthority: '192.0.2.1:42113' };
    const scripts = new Scripts({ hardware, settings });
    app = fastify();
    const files = new BootFiles({ hardware, programs });
    app.register(bootRoutes({ files, proxies, scripts, pxePrefix: 'tftp', ready: () => ready }));
  }

  beforeEach(() => make());
  afterEach(() => app.close());

  const get = (url: string, headers = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') =>
    app.inject({ url, headers, method, remoteAddress: '192.0.2.11' });

  it('serves scripts, by path or address, with any method', async () => {
    for (const method of ['GET', 'HEAD', 'POST'] as const) {
      for (const url of ['/ipxe/script/auto.ipxe', '/ipxe/script/02:00:5e:00:53:01/auto.ipxe']) {
        const { statusCode, headers } = await get(url, {}, method);
        assert.deepEqual([statusCode, headers['content-type']], [200, 'text/plain; charset=utf-8'], `${method} ${url}`);
      }
    }
    const { statusCode, body } = await get('/ipxe/script/02:00:5e:00:53:77/auto.ipxe');
    assert.deepEqual([statusCode, body], [404, '']);
  });

  it('asks for patience while the machines are not known', async () => {
    ready = false;
    const { statusCode, headers } = await get('/ipxe/script/auto.ipxe');
    assert.deepEqual([statusCode, headers['retry-after']], [503, '1']);
  });

  it('serves programs: whole, in parts, only what they are', async () => {
    const whole = await get('/ipxe/binary/02:00:5e:00:53:01/ipxe.efi');
    assert.deepEqual([whole.statusCode, whole.body], [200, '0123456789']);
    assert.partialDeepStrictEqual(whole.headers, {
      'content-length': '10',
      'content-type': 'application/efi',
      'accept-ranges': 'bytes',
      etag,
      'repr-digest': `sha-256=:${digestOf(content)}:`,
    });
    const part = await get('/ipxe/binary/ipxe.efi', { range: 'bytes=2-4' });
    assert.deepEqual([part.statusCode, part.body, part.headers['content-range']], [206, '234', 'bytes 2-4/10']);
    const head = await get('/ipxe/binary/ipxe.efi', {}, 'HEAD');
    assert.deepEqual([head.statusCode, head.body, head.headers['content-length']], [200, '', '10']);
    assert.equal((await get('/ipxe/binary/ipxe.efi', { range: 'bytes=10-' })).statusCode, 416);
    assert.equal((await get('/ipxe/binary/none.efi')).statusCode, 404);
    assert.equal((await get('/ipxe/binary/ipxe.efi', {}, 'POST')).statusCode, 405);
  });

  it('9.1 L: Last-Modified is when the program was modified, so that it need not be sent again', async () => {
    const { headers } = await get('/ipxe/binary/ipxe.efi');
    assert.equal(headers['last-modified'], new Date(modifiedMs).toUTCString());
    const since = { 'if-modified-since': headers['last-modified'] };
    assert.equal((await get('/ipxe/binary/ipxe.efi', since)).statusCode, 304);
    assert.equal((await get('/ipxe/binary/ipxe.efi', { 'if-none-match': `"x", W/${etag}` })).statusCode, 304);
    assert.equal((await get('/ipxe/binary/ipxe.efi', { ...since, 'if-none-match': '"x"' })).statusCode, 200);
  });

  it('goes on with a download only when it is still the same', async () => {
    const range = 'bytes=5-';
    assert.equal((await get('/ipxe/binary/ipxe.efi', { range, 'if-range': etag })).body, '56789');
    assert.equal((await get('/ipxe/binary/ipxe.efi', { range, 'if-range': '"x"' })).body, '0123456789');
  });

  it('9.2 H: who asks for a script is told by a proxy that is named, and by nobody else', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.11' };
    const status = async (remoteAddress: string, url = '/ipxe/script/auto.ipxe') =>
      (await app.inject({ url, headers, remoteAddress })).statusCode;
    assert.equal(await status('198.51.100.7'), 200);
    assert.equal(await status('203.0.113.7'), 404);
    // Neither may a machine say that it is another one.
    headers['x-forwarded-for'] = '203.0.113.7';
    assert.equal(await status('198.51.100.7'), 404);
    assert.equal(await status('192.0.2.11'), 200);
  });

  it('9.1 M: programs over HTTP need allowPXE as well', async () => {
    make({ netboot: { allowPXE: false } });
    assert.equal((await get('/ipxe/binary/ipxe.efi')).statusCode, 404);
  });

  it('serves over HTTP what TFTP serves, when it is asked to', async () => {
    make({ netboot: { pxelinux: { config: 'DEFAULT x' } } });
    const { body, headers } = await get('/tftp/pxelinux.cfg/01-02-00-5e-00-53-01');
    assert.deepEqual([body, headers['content-length']], ['DEFAULT x', '9']);
    assert.equal((await get('/tftp/none')).statusCode, 404);
    assert.equal((await get('/tftp/none', {}, 'POST')).statusCode, 405);
  });

  it('9.1 M: no limit to how long a download may take', () => {
    assert.deepEqual([app.server.timeout, app.server.requestTimeout], [0, 0]);
  });
});

describe('file routes', () => {
  let outside: string;
  let root: string;
  let app: FastifyInstance;
  const content = 'kernel'.repeat(1000);

  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), 'files-'));
    root = join(outside, 'root');
    mkdirSync(join(root, 'sub'), { recursive: true });
    writeFileSync(join(root, 'vmlinuz'), content);
    writeFileSync(join(root, 'empty'), '');
    writeFileSync(join(root, 'sub/a b%.img'), 'image');
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync('../secret', join(root, 'link'));
    symlinkSync('..', join(root, 'up'));
    symlinkSync('vmlinuz', join(root, 'current'));
    app = fastify();
    app.register(fileRoutes({ folder: new Folder(root), prefix: '/artifacts/', proxies }));
  });
  afterEach(async () => {
    await app.close();
    rmSync(outside, { recursive: true });
  });

  const get = (url: string, headers = {}, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ url: `/artifacts/${url}`, headers, method });

  it('serves files, parts of them, and links inside the folder', async () => {
    assert.equal((await get('vmlinuz')).body, content);
    assert.equal((await get('current')).body, content);
    assert.equal((await get('sub/a%20b%25.img')).body, 'image');
    const part = await get('vmlinuz', { range: 'bytes=6-11' });
    assert.deepEqual([part.statusCode, part.body], [206, 'kernel']);
    const empty = await get('empty');
    assert.deepEqual([empty.statusCode, empty.body, empty.headers['content-length']], [200, '', '0']);
  });

  it('tells the digest when asked for the head, and with every download once it is known', async () => {
    const expected = `sha-256=:${digestOf(content)}:`;
    assert.equal((await get('vmlinuz', {}, 'HEAD')).headers['repr-digest'], expected);
    assert.equal((await get('vmlinuz', { range: 'bytes=0-1' })).headers['repr-digest'], expected);
    assert.equal((await get('empty', {}, 'HEAD')).headers['repr-digest'], `sha-256=:${digestOf('')}:`);
    const wanted = await get('current', { 'want-repr-digest': 'sha-256=1' });
    assert.equal(wanted.headers['repr-digest'], expected);
  });

  it('notices that a file has changed', async () => {
    const { etag } = (await get('vmlinuz', {}, 'HEAD')).headers;
    assert.equal((await get('vmlinuz', { 'if-none-match': etag })).statusCode, 304);
    appendFileSync(join(root, 'vmlinuz'), 'more');
    const { statusCode, headers } = await get('vmlinuz', { 'if-none-match': etag }, 'HEAD');
    assert.equal(statusCode, 200);
    assert.notEqual(headers.etag, etag);
    assert.equal(headers['repr-digest'], `sha-256=:${digestOf(`${content}more`)}:`);
  });

  const outOfReach = [
    'link',
    'up/secret',
    'up/root/../secret',
    '../secret',
    '%2e%2e/secret',
    '..%2fsecret',
    'sub/../../secret',
  ];
  for (const path of [
    ...outOfReach,
    'sub',
    '',
    'none',
    'vmlinuz/',
    'vmlinuz%00',

    '/vmlinuz',
    '%2fetc%2fpasswd',
  ]) {
    it(`does not serve ${JSON.stringify(path)}`, async () => {
      const { statusCode, body } = await get(path);
      assert.equal(statusCode, 404);
      assert.ok(body !== 'secret' && !body.includes('root:'), body);
    });
  }

  it('leaves the folder by no path at all', async () => {
    const folder = new Folder(root);
    const part = fc.constantFrom('..', '.', '', 'up', 'sub', 'root', 'secret', 'link', '\0', '...', '.. ', '..\\');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const file = await folder.open(parts.join('/'));
        await file?.close();
        assert.equal(file, undefined);
      }),
    );
  });

  it('leaves no file open', async () => {
    await get('vmlinuz', {}, 'HEAD');
    for (const path of ['vmlinuz', 'link', 'sub', 'empty', 'none']) {
      await get(path);
      await get(path, {}, 'HEAD');
      await get(path, { range: 'bytes=99999999-' });
      await get(path, { 'if-none-match': '*' });
    }
    // Files are closed behind the answer.
    for (let rounds = 0; openFiles(root).length > 0 && rounds < 10_000; rounds++) await setImmediate();
    assert.deepEqual(openFiles(root), []);
  });
});
