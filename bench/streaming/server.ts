import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';

/** `busybox httpd` for one folder: sends files by sendfile, so that it takes little of the time that is measured. */
export async function serve(folder: string, port: number): Promise<ChildProcess> {
  const server = spawn('busybox', ['httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', folder], { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(port)) return server;
  }
  server.kill();
  throw new Error('busybox httpd does not answer; is busybox installed?');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => setTimeout(resolve, 10, false));
  });
}
