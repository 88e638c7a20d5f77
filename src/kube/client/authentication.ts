import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';
import { FileAuth } from '@kubernetes/client-node/dist/file_auth.js';
import type { KubeConfig } from './kubeconfig.ts';

/** Fills in what a request needs to prove who we are: headers, and TLS material. */
export type Authentication = (options: RequestOptions & { headers: Record<string, string> }) => Promise<void>;

/**
 * Authentication as a kubeconfig asks for it: certificates, tokens, token files, passwords, exec plugins and, through
 * the whole official client, the older auth providers (OIDC, gcp, azure).
 */
export function authenticationOf(config: KubeConfig): Authentication {
  const provider = providerFor(config);
  return async (options) => {
    const { cluster, user } = config;
    Object.assign(
      options,
      withoutUndefined({
        ca: await material(cluster.caFile, cluster.caData),
        cert: await material(user.certFile, user.certData),
        key: await material(user.keyFile, user.keyData),
        servername: cluster.tlsServerName || undefined,
        rejectUnauthorized: cluster.skipTLSVerify ? false : undefined,
        auth: user.username ? `${user.username}:${user.password ?? ''}` : undefined,
      }),
    );
    if (user.impersonateUser) options.headers['Impersonate-User'] = user.impersonateUser;
    await provider(options);
    if (user.token) options.headers.Authorization = `Bearer ${user.token.trim()}`;
  };
}

function providerFor(config: KubeConfig): Authentication {
  const { user } = config;
  for (const plugin of [new ExecAuth(), new FileAuth()]) {
    if (plugin.isAuthProvider(user)) return async (options) => await plugin.applyAuthentication(user, options);
  }
  return user.authProvider ? wholeClient(config) : () => Promise.resolve();
}

function wholeClient({ cluster, user }: KubeConfig): Authentication {
  const loading = lazily(async () => {
    const { KubeConfig: OfficialConfig } = await import('@kubernetes/client-node');
    const official = new OfficialConfig();
    official.loadFromClusterAndUser(cluster, user);
    return official;
  });
  return async (options) => await (await loading()).applyToHTTPSOptions(options);
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A file is read each time: certificates are rotated in place. */
async function material(file: string | undefined, base64: string | undefined): Promise<Buffer | undefined> {
  if (file) return await readFile(file);
  return base64 ? Buffer.from(base64, 'base64') : undefined;
}

function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
