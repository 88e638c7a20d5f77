import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, it } from 'mocha';
import { directRequest } from './direct-request.ts';

describe('directRequest', () => {
  const servers: Server[] = [];
  let asked = '';
  const sockets: Socket[] = [];
  const { signal } = new AbortController();

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  /** A server that reads one request and then does `answer`. */
  async function url(answer: (socket: Socket) => void, path = 'image'): Promise<URL> {
    const server = createServer((socket) => {
      sockets.push(socket);
      asked = '';
      socket.on('error', () => {});
      socket.on('data', (data) => {
        asked += data.toString('latin1');
        if (asked.endsWith('\r\n\r\n')) answer(socket);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`);
  }

  async function byteByByte(socket: Socket, text: string): Promise<void> {
    for (const byte of text) await new Promise((resolve) => socket.write(byte, resolve));
    socket.end();
  }

  async function taken(body: AsyncIterable<Uint8Array>): Promise<string> {
    let text = '';
    for await (const chunk of body) text += Buffer.from(chunk).toString('latin1');
    return text;
  }

  it('asks as RFC 9112 has it, and reads a head that comes byte by byte', async () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "x"\r\n\r\nhello and more';
    const address = await url((socket) => void byteByByte(socket, text), 'a%20b?c=d');
    const answer = await directRequest({ url: address, headers: { range: 'bytes=7-' }, signal });
    assert.equal(answer?.status, 200);
    assert.equal(answer.header('etag'), '"x"');
    assert.equal(await taken(answer.body), 'hello');
    assert.match(
      asked,
      /^GET \/a%20b\?c=d HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n(?:.+\r\n)*range: bytes=7-\r\n\r\n$/,
    );
  });

  it('ends where the connection does, and throws what broke it', async () => {
    const start = 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello';
    const cut = await directRequest({ url: await url((socket) => socket.end(start)), headers: {}, signal });
    assert.equal(await taken(cut?.body ?? assert.fail()), 'hello');
    const address = await url((socket) => socket.write(start, () => socket.resetAndDestroy()));
    await assert.rejects(async () => {
      const reset = await directRequest({ url: address, headers: {}, signal });
      await taken(reset?.body ?? assert.fail());
    }, /ECONNRESET/);
    const silent = await url((socket) => socket.end());
    await assert.rejects(directRequest({ url: silent, headers: {}, signal }), /without an answer/);
  });

  it('leaves what it does not understand to others: TLS, chunks, odd headers, heads without an end', async () => {
    assert.equal(await directRequest({ url: new URL('https://127.0.0.1:1/'), headers: {}, signal }), undefined);
    const odd = { url: new URL('http://127.0.0.1:1/'), headers: { range: 'a\r\nb: c' }, signal };
    assert.equal(await directRequest(odd), undefined);
    for (const text of [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\nto the end',
      'HTTP/2 200\r\n\r\n',
      'x'.repeat(1 << 17),
    ]) {
      const address = await url((socket) => socket.write(text));
      assert.equal(await directRequest({ url: address, headers: {}, signal }), undefined, text.slice(0, 40));
    }
  });

  it('stops at once when it is told to, before the answer and in the middle of it', async () => {
    for (const text of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello']) {
      const controller = new AbortController();
      const address = await url((socket) => {
        socket.write(text);
        setImmediate(() => controller.abort(new Error('told to')));
      });
      await assert.rejects(async () => {
        const answer = await directRequest({ url: address, headers: {}, signal: controller.signal });
        await taken(answer?.body ?? assert.fail());
      }, /told to/);
    }
  });

  it('takes no more from the server than was asked of it', async () => {
    const bytes = Buffer.alloc(64 << 20, 'x');
    let socket: Socket | undefined;
    const address = await url((peer) => {
      socket = peer;
      peer.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
      peer.write(bytes);
    });
    const answer = await directRequest({ url: address, headers: {}, signal });
    const iterator = answer?.body[Symbol.asyncIterator]() ?? assert.fail();
    const { value } = await iterator.next();
    // What the kernel holds for both sides is far below that.
    assert.ok((socket?.writableLength ?? 0) > bytes.length / 2);
    assert.ok(value !== undefined && value.length <= 512 * 1024);
    answer?.discard();
  });
});
