/** Our TFTP server as a process of its own: `node tftp-server.ts PORT FILE`. */
import { readFileSync } from 'node:fs';
import { TftpServer } from '../../src/netboot/tftp/tftp-server.ts';

const [, , port, file = ''] = process.argv;
const content = readFileSync(file);
const server = new TftpServer({ host: '127.0.0.1', port: Number(port), files: { find: () => content } });
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await server.run(stop.signal);
