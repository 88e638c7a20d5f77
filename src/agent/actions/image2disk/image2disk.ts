import { createDispatcher, hasHttpProxy } from '../../streaming/source/dispatcher.ts';
import { HttpSource } from '../../streaming/source/http-source.ts';
import type { NativeAction } from '../action.ts';
import { streamToDisk } from './stream-to-disk.ts';
import { imageSettings, imageVariables } from './variables.ts';

/** Writes a disk image from an HTTP server to a disk, in place of the action of that name. */
export const image2disk: NativeAction = {
  name: 'image2disk',
  summary: 'writes a disk image (raw, gz, zst, xz, bz2) from an HTTP server to a disk',
  variables: [{ name: 'IMG_URL', what: 'address of the image', required: true, check: checkUrl }, ...imageVariables],
  async run(context) {
    const { env, clock, signal, log } = context;
    const settings = imageSettings(env);
    const environment = { ...process.env, ...env };
    const dispatcher = createDispatcher({ skipVerify: settings.skipVerify, env: environment });
    try {
      return await streamToDisk(
        context,
        settings,
        () =>
          new HttpSource({
            url: env['IMG_URL'] ?? '',
            dispatcher,
            isDirect: !hasHttpProxy(environment),
            clock,
            signal,
            log,
            retries: { durationSeconds: settings.retrySeconds },
            stallSeconds: settings.stallSeconds,
            sizeBytes: settings.sizeBytes,
            sha256: settings.sha256,
          }),
      );
    } finally {
      await dispatcher.destroy();
    }
  },
};

function checkUrl(value: string): string | undefined {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? '') ? undefined : 'must be an address with http:// or https://';
}
