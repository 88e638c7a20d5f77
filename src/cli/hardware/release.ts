import { CaptError } from '../../api/errors/capt-error.ts';
import {
  quarantineLabel,
  quarantineReasonAnnotation,
  quarantineSinceAnnotation,
} from '../../api/tinkerbell/v1alpha1/claim-marks.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';

import { type ClusterFlags, withCluster } from './context.ts';

/** `capt hardware release` */
export async function release(name: string, flags: ClusterFlags): Promise<void> {
  await withCluster(flags, async ({ client, namespace, signal }) => {
    const hardware = await client.find(Hardware, { namespace, name }, { signal });
    if (hardware === undefined) throw new CaptError('OBJECT_NOT_FOUND', { kind: 'Hardware', namespace, name });
    const { labels, annotations, resourceVersion } = hardware.metadata;
    if (labels?.[quarantineLabel] === undefined) {
      process.stdout.write(`Hardware ${namespace}/${name} is not in quarantine\n`);
      return;
    }
    const metadata = {
      // Somebody may be setting it aside again at this moment.
      resourceVersion,
      labels: { [quarantineLabel]: null },
      annotations: { [quarantineReasonAnnotation]: null, [quarantineSinceAnnotation]: null },
    };
    await client.mergePatch(Hardware, { namespace, name }, { metadata }, { signal });
    const reason = annotations?.[quarantineReasonAnnotation] ?? 'no reason was given';
    process.stdout.write(`Hardware ${namespace}/${name} is out of quarantine; it was there because: ${reason}\n`);
  });
}
