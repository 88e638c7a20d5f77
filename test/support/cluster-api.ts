/**
 * The real Cluster API that suites run beside the test control plane: started by the first suite that asks, one a run,
 * ended with the control plane.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LocalClusterApi } from '../../src/bootstrap/capi/local-cluster-api.ts';
import { type PreparedClusterApi, prepareClusterApi } from '../../src/bootstrap/capi/prepare.ts';
import type { LocalControlPlane } from '../../src/bootstrap/local/local-control-plane.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { connect } from '../../src/kube/client/connect.ts';
import { loadKubeConfig } from '../../src/kube/client/kubeconfig.ts';

/** What suites get. */
export interface TestClusterApi extends PreparedClusterApi {
  readonly managers: LocalClusterApi;
}

let current: Promise<TestClusterApi> | undefined;

/** The real Cluster API on `controlPlane`, started when nobody has asked before. */
export function testClusterApi(controlPlane: LocalControlPlane): Promise<TestClusterApi> {
  current ??= start(controlPlane);
  return current;
}

/** Ends the managers; does nothing when none run. */
export async function stopTestClusterApi(): Promise<void> {
  const starting = current;
  current = undefined;
  if (starting === undefined) return;
  const { managers } = await starting.catch(() => ({ managers: undefined }));
  await managers?.stop();
}

async function start(controlPlane: LocalControlPlane): Promise<TestClusterApi> {
  const prepared = await prepareClusterApi({
    ...readSettings(process.env, homedir()),
    environment: process.env,
    directory: join(controlPlane.directory, 'repository'),
    report: (line) => process.stderr.write(`  ${line}\n`),
  });
  return { ...prepared, managers: await startManagers(controlPlane, prepared) };
}

/** Installs the managers on another control plane than that of the run, and runs them; the caller ends them. */
export async function startManagers(
  controlPlane: LocalControlPlane,
  prepared: PreparedClusterApi,
): Promise<LocalClusterApi> {
  const { server, ca } = controlPlane.adminCredentials;
  const client = connect(loadKubeConfig({ path: controlPlane.kubeconfigFile }), { userAgent: 'capt-test' });
  try {
    return await LocalClusterApi.start({
      ...prepared,
      client,
      server: { url: server, ca },
      directory: join(controlPlane.directory, 'cluster-api'),
      parentDeathSignal: 'SIGKILL',
      backoff: { initialMs: 100, maxMs: 1_000, resetAfterMs: 5_000 },
      report: (line) => process.stderr.write(`  ${line}\n`),
    });
  } finally {
    await client.close();
  }
}
