import { request } from 'node:https';
import type { ClientCredentials } from '../../src/bootstrap/local/kubeconfig.ts';

export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** One request to an API server without any client of ours in between; as nobody when there is no certificate. */
export function askApi(
  { server, ca, cert, key }: Pick<ClientCredentials, 'server' | 'ca'> & Partial<ClientCredentials>,
  path: string,
  { method = 'GET', body }: { method?: string; body?: object } = {},
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const outgoing = request(new URL(path, server), { ca, cert, key, method, headers, agent: false });
    outgoing.once('error', reject);
    outgoing.once('response', async (incoming) => {
      const text = (await incoming.toArray()).join('');
      const json = incoming.headers['content-type']?.startsWith('application/json');
      resolve({ status: incoming.statusCode ?? 0, body: json ? JSON.parse(text) : text });
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
