import { text } from '../../schema/scalar.ts';

/** The parts from which the name of the operating system image is put together. */
export interface ImageLookupDefaults {
  baseRegistry?: string;
  distro?: string;
}

/** Fields that find the operating system image; a machine's win over those of its cluster. */
export function imageLookupFields(defaults: ImageLookupDefaults = {}) {
  return {
    imageLookupFormat: text(
      'Name of the image as a Go template over `BaseRegistry`, `OSDistro`, `OSVersion` and `KubernetesVersion`.',
    ),
    imageLookupBaseRegistry: text(
      'Registry and folder of the images.',
      defaults.baseRegistry === undefined ? {} : { default: defaults.baseRegistry },
    ),
    imageLookupOSDistro: text(
      'Distribution; lower-cased in the name of the image.',
      defaults.distro === undefined ? {} : { default: defaults.distro },
    ),
    imageLookupOSVersion: text('Version of the distribution; its dots are dropped in the name of the image.'),
  };
}
