/**
 * A server for images that is slow or wrong on purpose, in a process of its own, to be run on the network of a rack.
 * Arguments: address, port, file, bytes a second. It answers
 *   /slow/…   with the file at that rate, whole or from where a range begins
 *   /short/…  with the first half of it, as if that were all, until there is a file of that name with `.whole` behind it
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const [address = '', port = '', file = '', rate = ''] = process.argv.slice(2);
const { size } = statSync(file);
const partBytes = Math.max(1, Math.floor(Number(rate) / 10));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const whole = !request.url?.startsWith('/short/') || existsSync(`${file}.whole`);
  const end = whole ? size : Math.floor(size / 2);
  const [, from = '0'] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
  const start = Math.min(Number(from), end);
  const headers = { 'content-length': String(end - start), 'accept-ranges': 'bytes', etag: `"${whole}"` };
  if (request.headers.range === undefined) response.writeHead(200, headers);
  else response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${end - 1}/${end}` });
  if (request.method === 'HEAD') return void response.end();
  const descriptor = openSync(file, 'r');
  try {
    for (let position = start; position < end && !response.destroyed; ) {
      const part = Buffer.alloc(Math.min(partBytes, end - position));
      position += readSync(descriptor, part, 0, part.length, position);
      response.write(part);
      await pause(100);
    }
  } finally {
    closeSync(descriptor);
    response.end();
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(Number(port), address, () => process.stdout.write('ready\n'));
