import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
// Straight from their files: the package's entry point loads 60 MB of API models that nothing here uses.
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import * as yaml from 'js-yaml';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';

/** Who to be at which API server, out of a kubeconfig or a pod's service account. */
export interface KubeConfig {
  /** Where it comes from, for messages. */
  readonly source: string;
  readonly cluster: Cluster;
  readonly user: User;
  /** The context's namespace. */
  readonly namespace?: string;
}

export interface KubeConfigSource {
  /** A kubeconfig file; absent means the service account of the pod this process runs in. */
  path?: string;
  /** Default: the file's current context. */
  context?: string;
  /** Where the API server is for a pod: `KUBERNETES_SERVICE_HOST` and `_PORT`. */
  inCluster?: { host: string; port: string; folder?: string };
}

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads a kubeconfig, or the service account of the pod.
 * @throws CaptError KUBECONFIG_UNREADABLE, KUBECONFIG_INCOMPLETE, KUBECONFIG_INSECURE
 */
export function loadKubeConfig({ path, context, inCluster }: KubeConfigSource): KubeConfig {
  const config = path === undefined ? fromServiceAccount(inCluster) : fromFile(path, context);
  // Credentials must not travel in the clear because of a typo in a URL.
  if (config.cluster.server.startsWith('http:') && !config.cluster.skipTLSVerify) {
    throw new CaptError('KUBECONFIG_INSECURE', { path: config.source, server: config.cluster.server });
  }
  return config;
}

function fromFile(path: string, wanted: string | undefined): KubeConfig {
  const { clusters, contexts, users, current } = readEntries(path);
  const name = wanted ?? current;
  const context = contexts.find((entry) => entry.name === name);
  const cluster = clusters.find((entry) => entry.name === context?.cluster);
  const user = users.find((entry) => entry.name === context?.user);
  if (context === undefined || cluster === undefined || user === undefined || !URL.canParse(cluster.server)) {
    throw new CaptError('KUBECONFIG_INCOMPLETE', { path, context: name || '(none)' });
  }
  const { namespace } = context;
  return { source: path, cluster, user, ...(namespace ? { namespace } : {}) };
}

function readEntries(path: string) {
  try {
    const document = yaml.load(readFileSync(path, 'utf8')) as Record<string, unknown> | null;
    if (typeof document !== 'object' || document === null) throw new Error('it holds no mapping');
    const users = Array.isArray(document.users) ? document.users : [];
    const folder = dirname(path);
    return {
      clusters: newClusters(document.clusters).map((cluster) => absolute(cluster, folder, 'caFile')),
      contexts: newContexts(document.contexts),
      users: newUsers(users).map((user, index) =>
        tokenFromFile(absolute(user, folder, 'certFile', 'keyFile'), users[index], folder),
      ),
      current: String(document['current-context'] ?? ''),
    };
  } catch (error) {
    throw new CaptError('KUBECONFIG_UNREADABLE', { path, cause: messageOf(error) }, { cause: error });
  }
}

/** Files named in a kubeconfig lie relative to it. */
function absolute<T extends object>(entry: T, folder: string, ...fields: (keyof T)[]): T {
  const copy = { ...entry };
  for (const field of fields) {
    const file = copy[field];
    if (typeof file === 'string' && file !== '') copy[field] = resolve(folder, file) as T[keyof T];
  }
  return copy;
}

/** The official client overlooks `tokenFile`; it knows such users by another name. */
function tokenFromFile(user: User, raw: { user?: { tokenFile?: unknown } }, folder: string): User {
  const file = raw.user?.tokenFile;
  if (typeof file !== 'string' || file === '') return user;
  return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(folder, file) } } };
}

function fromServiceAccount(inCluster: KubeConfigSource['inCluster']): KubeConfig {
  const source = 'of the service account';
  if (inCluster === undefined) {
    throw new CaptError('KUBECONFIG_UNREADABLE', { path: source, cause: 'this process runs in no pod' });
  }
  const { host, port, folder = serviceAccountFolder } = inCluster;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    return {
      source,
      cluster: { name: 'in-cluster', server, skipTLSVerify: false, caFile: `${folder}/ca.crt` },
      user: { name: 'service-account', authProvider: { name: 'tokenFile', config: { tokenFile: `${folder}/token` } } },
      namespace: readFileSync(`${folder}/namespace`, 'utf8').trim(),
    };
  } catch (error) {
    throw new CaptError('KUBECONFIG_UNREADABLE', { path: source, cause: messageOf(error) }, { cause: error });
  }
}
