import { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { viewsOf } from '../../inventory/list/hardware-view.ts';
import { type ClusterFlags, withCluster } from './context.ts';
import { renderViews } from './hardware-table.ts';

export interface ListFlags extends ClusterFlags {
  allNamespaces?: boolean;
  output: 'table' | 'json';
}

/** `capt hardware list` */
export async function list(flags: ListFlags): Promise<void> {
  await withCluster(flags, async ({ client, namespace, signal }) => {
    const where = flags.allNamespaces ? { signal } : { namespace, signal };
    const [hardware, machines] = await Promise.all([client.list(Hardware, where), client.list(Machine, where)]);
    const views = viewsOf(hardware.items, machines.items);
    if (flags.output === 'json') {
      process.stdout.write(`${JSON.stringify(views, undefined, 2)}\n`);
    } else if (views.length === 0) {
      process.stderr.write(`No hardware found${flags.allNamespaces ? '' : ` in namespace ${namespace}`}.\n`);
    } else {
      process.stdout.write(`${renderViews(views, new Date(), flags.allNamespaces ?? false).join('\n')}\n`);
    }
  });
}
