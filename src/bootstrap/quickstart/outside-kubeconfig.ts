import * as yaml from 'js-yaml';

interface Kubeconfig {
  clusters: { name: string; cluster: { server: string; 'tls-server-name'?: string } }[];
}

/** A name in every certificate that kubeadm makes for an API server; an IP address is none that TLS can ask for. */
const serverName = 'kubernetes';

/** The kubeconfig of a cluster that kubeadm made, for somebody who reaches its API server by a relay on the loopback. */
export function outsideKubeconfig(text: string, port: number): string {
  const config = yaml.load(text) as Kubeconfig;
  for (const { cluster } of config.clusters) {
    cluster.server = `https://127.0.0.1:${port}`;
    cluster['tls-server-name'] = serverName;
  }
  return yaml.dump(config, { lineWidth: -1 });
}
