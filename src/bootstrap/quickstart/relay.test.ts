import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Relay } from './relay.ts';

const host = '127.0.0.1';
const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe('a relay', () => {
  let target: Server;
  let front: Server;

  beforeEach(async () => {
    target = createServer((socket) => socket.pipe(socket)).listen(0, host);
    front = createServer().listen(0, host);
    await Promise.all([once(target, 'listening'), once(front, 'listening')]);
  });
  afterEach(() => target.close());

  it('carries bytes both ways and ends with either side', async () => {
    await using _relay = new Relay(front, { host, port: portOf(target) });
    const client = connect(portOf(front), host);
    client.write('ping');
    assert.equal(String((await once(client, 'data'))[0]), 'ping');
    client.end();
    await once(client, 'close');
  });

  it('ends every connection when it is disposed of', async () => {
    const relay = new Relay(front, { host, port: portOf(target) });
    const client = connect(portOf(front), host);
    client.write('ping');
    await once(client, 'data');
    await relay[Symbol.asyncDispose]();
    await once(client, 'close');
  });

  it('refuses a client, and goes on, when nobody is at the other end', async () => {
    const gone = createServer().listen(0, host);
    await once(gone, 'listening');
    const port = portOf(gone);
    gone.close();
    await once(gone, 'close');
    await using _relay = new Relay(front, { host, port });
    for (let time = 0; time < 2; time++) {
      const client = connect(portOf(front), host);
      client.on('error', () => {});
      await once(client, 'close');
    }
  });
});
