import * as yaml from 'js-yaml';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { WipePolicy } from '../options.ts';

export interface WipeTemplateOptions {
  policy: Exclude<WipePolicy, 'None'>;
  image: string;
}

/** How long one disk may take, and how long the host may take to boot the installer besides. */
const diskLimitSeconds = { Quick: 600, Full: 86_400 } as const;
const bootLimitSeconds = 1200;

/** Time limit of the whole Workflow. */
export function wipeLimitSeconds(policy: WipeTemplateOptions['policy']): number {
  return diskLimitSeconds[policy] + bootLimitSeconds;
}

/** The workflow template that wipes the disks of a host and reads back that they are. */
export function wipeTemplate({ spec }: Hardware, options: WipeTemplateOptions): string {
  const { policy, image } = options;
  const disks = (spec?.disks ?? []).flatMap(({ device }) => device ?? []);
  return yaml.dump({
    version: '0.1',
    name: 'wipe',
    global_timeout: wipeLimitSeconds(policy),
    tasks: [
      {
        name: 'wipe',
        worker: '{{ .device_1 }}',
        volumes: ['/dev:/dev', '/dev/console:/dev/console'],
        actions: disks.map((device, index) => ({
          name: `wipe disk ${index + 1}`,
          image,
          timeout: diskLimitSeconds[policy],
          environment: { DEST_DISK: device, WIPE_MODE: policy },
        })),
      },
    ],
  });
}
