import { createServer } from 'node:net';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';

/**
 * Ports we choose ourselves come from below the range the kernel takes local ports of outgoing connections from (32768
 * and up by default): while a killed process is restarted nobody is handed its port by chance.
 */
const firstPort = 20_000;
const lastPort = 32_000;

/** Throws `PORT_IN_USE` or `LISTEN_FAILED` when a server could not listen there now. */
export async function requireFreePort(address: string, port: number, option: string): Promise<void> {
  const failure = await tryListen(address, port);
  if (failure === undefined) return;
  if (failure.code === 'EADDRINUSE') throw new CaptError('PORT_IN_USE', { port, address, option });
  throw new CaptError('LISTEN_FAILED', { port, address, cause: messageOf(failure) });
}

/** True when a server could listen there now. */
export async function isFreePort(address: string, port: number): Promise<boolean> {
  return (await tryListen(address, port)) === undefined;
}

/**
 * A port nobody listens on, other than those in `taken`. `preferred` (from an earlier run) wins when it is free.
 * Another program may still be faster than its user: be ready to choose again.
 */
export async function chooseFreePort(
  address: string,
  {
    preferred,
    taken,
    random = Math.random,
  }: { preferred?: number | undefined; taken: readonly number[]; random?: () => number },
): Promise<number> {
  if (preferred !== undefined && !taken.includes(preferred) && (await isFreePort(address, preferred))) return preferred;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = firstPort + Math.floor(random() * (lastPort - firstPort));
    if (!taken.includes(port) && (await isFreePort(address, port))) return port;
  }
  throw new CaptError('LISTEN_FAILED', {
    port: `${firstPort}-${lastPort}`,
    address,
    cause: 'no port of these is free',
  });
}

function tryListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
