import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type { TrustedProxies } from '../../kube/http/trusted-proxies.ts';
import { publishAnswer } from '../telemetry.ts';
import { clientOf, notFound, readOnly } from './boot-routes.ts';
import { sendContent } from './content.ts';
import { Digests } from './digests.ts';
import type { Folder } from './folder.ts';
import { mediaTypeOf } from './media-type.ts';

export interface FileRoutesOptions {
  folder: Folder;
  /** With slashes around it, such as `/artifacts/`. */
  prefix: string;
  proxies: TrustedProxies;
}

/**
 * Installer files and disk images out of a folder. A HEAD waits until the digest is known; a GET does not, because
 * a machine that installs should not wait until gigabytes were read twice.
 */
export function fileRoutes({ folder, prefix, proxies }: FileRoutesOptions): FastifyPluginAsync {
  const digests = new Digests(folder);
  return async (app) => {
    readOnly(app, `${prefix}*`, async (request, reply) => {
      const path = request.params['*'];
      const file = await folder.open(path);
      const client = clientOf(request, proxies);
      if (file === undefined) return notFound('file', reply, client);
      const { sizeBytes, modifiedMs, version } = file;
      const wanted = request.method === 'HEAD' || request.headers['want-repr-digest'] !== undefined;
      const sha256 = wanted ? await digests.get(path, version) : digests.known(path, version);
      publishAnswer({ kind: 'file', client, status: 200 });
      return sendContent(request, reply, {
        sizeBytes,
        mediaType: mediaTypeOf(path),
        modifiedMs,
        etag: `"${version}"`,
        sha256,
        read: (first, last) => exactly(file.read(first, last), last - first + 1),
        release: () => void file.close(),
      });
    });
  };
}

/** A file that gets shorter while it is sent breaks the connection: what looks complete must be complete. */
function exactly(source: Readable, sizeBytes: number): Readable {
  return Readable.from(
    (async function* () {
      let leftBytes = sizeBytes;
      for await (const piece of source) {
        leftBytes -= (piece as Buffer).length;
        yield piece;
      }
      if (leftBytes > 0) throw new Error(`the file ended ${leftBytes} bytes early`);
    })(),
    { objectMode: false },
  );
}
