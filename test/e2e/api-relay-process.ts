/**
 * The half of `ApiRelay` that runs in a network namespace: listens on a port of the loopback there (first argument) and
 * hands every connection over to a socket in the file system (second argument), which all namespaces share.
 */
import { connect, createServer } from 'node:net';
import { carry } from './api-relay.ts';

const [port, path] = process.argv.slice(2);
createServer((socket) => carry(socket, connect(path ?? ''))).listen(Number(port), '127.0.0.1', () => {
  process.stdout.write('ready\n');
});
