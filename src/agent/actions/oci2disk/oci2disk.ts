import { findLayer } from '../../streaming/oci/registry.ts';
import { createDispatcher, hasHttpProxy } from '../../streaming/source/dispatcher.ts';
import { HttpSource } from '../../streaming/source/http-source.ts';
import type { NativeAction } from '../action.ts';
import { checkBoolean, isTrue } from '../environment.ts';
import { streamToDisk } from '../image2disk/stream-to-disk.ts';
import { imageSettings, imageVariables } from '../image2disk/variables.ts';

/**
 * Writes a disk image that is a layer in a registry to a disk, in place of the action of that name. Length and digest of
 * the layer are those of the manifest, and always checked.
 */
export const oci2disk: NativeAction = {
  name: 'oci2disk',
  summary: 'writes a disk image (raw, gz, zst, xz, bz2) from an OCI registry to a disk',
  variables: [
    { name: 'IMG_URL', what: 'reference of the image: registry/repository:tag', required: true },
    { name: 'REGISTRY_USERNAME', what: 'user of the registry' },
    { name: 'REGISTRY_PASSWORD', what: 'its password or token', secret: true },
    { name: 'REGISTRY_HTTP', what: 'speak to the registry without TLS', default: 'false', check: checkBoolean },
    ...imageVariables.filter(({ name }) => name !== 'IMG_SHA256' && name !== 'IMG_SIZE_BYTES'),
  ],
  async run(context) {
    const { env, clock, signal, log } = context;
    const settings = imageSettings(env);
    const environment = { ...process.env, ...env };
    const dispatcher = createDispatcher({ skipVerify: settings.skipVerify, env: environment });
    const source = async (): Promise<HttpSource> => {
      const layer = await findLayer({
        reference: env['IMG_URL'] ?? '',
        dispatcher,
        signal,
        username: env['REGISTRY_USERNAME'],
        password: env['REGISTRY_PASSWORD'],
        scheme: isTrue(env['REGISTRY_HTTP']) ? 'http' : 'https',
      });
      return new HttpSource({
        ...layer,
        dispatcher,
        isDirect: !hasHttpProxy(environment),
        clock,
        signal,
        log,
        retries: { durationSeconds: settings.retrySeconds },
        stallSeconds: settings.stallSeconds,
      });
    };
    try {
      return await streamToDisk(context, settings, source);
    } finally {
      await dispatcher.destroy();
    }
  },
};
