import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Carries bytes both ways until one side ends. */
export function carry(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

export interface ApiRelayOptions {
  /** Of the API server, on the loopback here; the same there. */
  port: number;
  /** A file name for a socket. */
  socketFile: string;
  /** The command that runs a program there. */
  command: (program: string, args: readonly string[]) => [program: string, args: string[]];
}

/** Lets programs in another network namespace reach the API server on our loopback as if it were theirs. */
export class ApiRelay implements AsyncDisposable {
  readonly #server: Server;
  readonly #child: ChildProcess;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, child: ChildProcess, sockets: Set<Socket>) {
    this.#server = server;
    this.#child = child;
    this.#sockets = sockets;
  }

  static async start({ port, socketFile, command }: ApiRelayOptions): Promise<ApiRelay> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      carry(socket, connect(port, '127.0.0.1'));
    });
    server.listen(socketFile);
    await once(server, 'listening');
    const script = fileURLToPath(new URL('api-relay-process.ts', import.meta.url));
    const [file, args] = command(process.execPath, [script, String(port), socketFile]);
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('the relay to the API server has ended'))),
    ]);
    return new ApiRelay(server, child, sockets);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
