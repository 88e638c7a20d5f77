import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** nginx with one worker that serves files, the fastest thing there is for that: the measure for the rest. */
export class Nginx implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
  }

  /** Serves `files`, by their names. */
  static async start(port: number, files: Record<string, string>): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'capt-nginx-'));
    await mkdir(join(folder, 'www'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'www', name), text);
    // One process, master and worker in one, so that its processor time is that of one pid.
    const configuration = `
      daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
      events { worker_connections 1024; }
      http {
        access_log off; default_type text/plain; keepalive_requests 100000000;
        client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
        uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
        server { listen 127.0.0.1:${port}; root ${folder}/www; }
      }`;
    await writeFile(join(folder, 'nginx.conf'), configuration);
    return new Nginx(spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'inherit' }), folder);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}
