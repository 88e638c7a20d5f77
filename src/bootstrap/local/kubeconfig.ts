import * as yaml from 'js-yaml';

/** How a client reaches an API server with a certificate; all but `server` PEM. */
export interface ClientCredentials {
  /** `https://host:port` */
  server: string;
  ca: string;
  cert: string;
  key: string;
}

/** How a client reaches an API server with a token. */
export interface TokenCredentials {
  /** `https://host:port` */
  server: string;
  /** PEM. */
  ca: string;
  token: string;
}

/** A kubeconfig with everything in it: it works from any folder and on any machine that reaches the server. */
export function renderKubeconfig(credentials: ClientCredentials | TokenCredentials, user: string): string {
  const name = 'capt';
  const { server, ca } = credentials;
  const identity =
    'token' in credentials
      ? { token: credentials.token }
      : { 'client-certificate-data': base64(credentials.cert), 'client-key-data': base64(credentials.key) };
  return yaml.dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: user, user: identity }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
