import { type FastifyInstance, fastify } from 'fastify';
import { TrustedProxies } from '../../src/kube/http/trusted-proxies.ts';
import type { FakeHardwareCache } from '../../src/netboot/hardware/fake-hardware.ts';
import { bootRoutes } from '../../src/netboot/http/boot-routes.ts';
import { fileRoutes } from '../../src/netboot/http/file-routes.ts';
import { Folder } from '../../src/netboot/http/folder.ts';
import { BootFiles } from '../../src/netboot/ipxe/boot-files.ts';
import type { BootPrograms } from '../../src/netboot/ipxe/boot-programs.ts';
import { Scripts } from '../../src/netboot/ipxe/scripts.ts';
import { TftpServer, type TftpServerOptions } from '../../src/netboot/tftp/tftp-server.ts';

/** A TFTP server on a free port of the loopback interface. */
export class TftpRig implements AsyncDisposable {
  readonly server: TftpServer;
  readonly #stop = new AbortController();
  readonly #run: Promise<void>;
  readonly #ready: Promise<void>;

  private constructor(options: TftpServerOptions) {
    this.server = new TftpServer({ host: '127.0.0.1', port: 0, ...options });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#run = this.server.run(this.#stop.signal, resolve);
    this.#ready = Promise.race([promise, this.#run]);
  }

  static async start(options: TftpServerOptions): Promise<TftpRig> {
    const rig = new TftpRig(options);
    await rig.#ready;
    return rig;
  }

  get port(): number {
    return this.server.port ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#run;
  }
}

export interface BootRigOptions {
  cache: FakeHardwareCache;
  programs: BootPrograms;
  /** Installer files. */
  folder: string;
}

/** All that machines boot from but DHCP, on free ports of the loopback interface. */
export class BootRig implements AsyncDisposable {
  readonly tftp: TftpRig;
  readonly httpPort: number;
  readonly #app: FastifyInstance;

  private constructor(tftp: TftpRig, app: FastifyInstance, httpPort: number) {
    this.tftp = tftp;
    this.#app = app;
    this.httpPort = httpPort;
  }

  static async start({ cache: { index: hardware }, programs, folder }: BootRigOptions): Promise<BootRig> {
    const app = fastify({ forceCloseConnections: true });
    let origin = '';
    const files = new BootFiles({ hardware, programs });
    const scripts = {
      // The port is in the scripts; it is known when the first one is asked for.
      answer: (path: string, address: string) =>
        new Scripts({
          hardware,
          settings: { osieUrl: `${origin}/artifacts`, grpcAuthority: '127.0.0.1:42113', syslogHost: '127.0.0.1' },
        }).answer(path, address),
    };
    const proxies = new TrustedProxies([]);
    app.register(bootRoutes({ files, proxies, scripts, ready: () => true }));
    app.register(fileRoutes({ folder: new Folder(folder), prefix: '/artifacts/', proxies }));
    origin = await app.listen({ host: '127.0.0.1', port: 0 });
    return new BootRig(await TftpRig.start({ files }), app, Number(new URL(origin).port));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tftp[Symbol.asyncDispose]();
    await this.#app.close();
  }
}
