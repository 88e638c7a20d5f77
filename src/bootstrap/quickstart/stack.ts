import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { connect } from '../../kube/client/connect.ts';
import { loadKubeConfig } from '../../kube/client/kubeconfig.ts';
import { Clusterctl } from '../capi/clusterctl.ts';
import { LocalClusterApi } from '../capi/local-cluster-api.ts';
import { prepareClusterApi } from '../capi/prepare.ts';
import type { BuildOptions } from '../local/build/build.ts';
import { LocalControlPlane } from '../local/local-control-plane.ts';
import type { Programs } from '../local/programs.ts';
import type { QuickstartLayout } from './layout.ts';
import { OwnServices } from './own-services.ts';
import { Relay } from './relay.ts';
import type { StackPlan } from './stack-plan.ts';

/** What of a stack is up, in this order. */
export const stackParts = ['kubernetes', 'cluster-api', 'services'] as const;

export type StackPart = (typeof stackParts)[number];

export interface StackOptions {
  layout: QuickstartLayout;
  plan: StackPlan;
  programs: Programs;
  build: BuildOptions;
  /** Program and first arguments of this command line. */
  command: readonly string[];
  /** Servers that were handed over, by the names in the plan. */
  servers: ReadonlyMap<string, Server>;
  /** Called when a part is ready. */
  onReady: (part: StackPart) => void;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Of Cluster API: every object is looked at once a second at most, so that thousands of clusters do not get in each other's
 * way. With one cluster that is ten seconds of waiting until the first machine is asked for.
 */
const quickSettings = { EXP_RECONCILER_RATE_LIMITING: 'false' };

/**
 * Everything that a quick start runs besides its machines, supervised by this process: a management cluster, Cluster API,
 * our services. Nothing of it outlives this process, however that ends.
 * @throws CaptError of the part that does not come up; what was started has been ended then
 */
export async function startStack(options: StackOptions): Promise<AsyncDisposable> {
  const { layout, plan, build, onReady, report, signal } = options;
  await using stack = new AsyncDisposableStack();
  for (const [name, target] of Object.entries(plan.relays)) {
    const server = options.servers.get(name);
    if (server !== undefined) stack.use(new Relay(server, target));
  }
  const management = stack.use(await startControlPlane(options, layout.kubernetes, plan.apiPort));
  if (plan.workloadPort !== undefined) stack.use(await startControlPlane(options, layout.workload, plan.workloadPort));
  onReady('kubernetes');

  const prepared = await prepareClusterApi({ ...build, directory: layout.repository, signal });
  const kubectl = join(dirname(options.programs['kube-controller-manager']), 'kubectl');
  const { release } = await Clusterctl.prepare({ prepared, kubectl, environment: build.environment, signal });
  const { server: url, ca } = management.adminCredentials;
  const client = connect(loadKubeConfig({ path: management.kubeconfigFile }), { userAgent: 'capt-quickstart' });
  stack.defer(() => client.close());
  const common = { client, server: { url, ca }, report, signal };
  stack.use(
    await LocalClusterApi.start({
      ...common,
      ...prepared,
      variables: quickSettings,
      directory: layout.clusterApi,
      parentDeathSignal: 'SIGKILL',
    }),
  );
  onReady('cluster-api');

  stack.use(
    await OwnServices.start({
      ...common,
      components: release.components,
      command: options.command,
      flags: plan.serveFlags,
      httpPort: plan.httpPort,
      webhookPort: plan.webhookPort,
      directory: layout.services,
    }),
  );
  onReady('services');
  return stack.move();
}

function startControlPlane(
  { programs, report, signal }: StackOptions,
  directory: string,
  port: number,
): Promise<LocalControlPlane> {
  // What it holds is made again by the next quick start: it need not survive a power failure.
  const quick = { unsafeNoFsync: true, parentDeathSignal: 'SIGKILL' } as const;
  return LocalControlPlane.start({ directory, programs, port, report, signal, ...quick });
}
