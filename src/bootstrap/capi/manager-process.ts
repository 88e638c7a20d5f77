import { get } from 'node:http';
import type { ManagerSettings } from '../install/components.ts';
import type { ProcessSpec } from '../process/supervised.ts';

/** Ports of one manager; all but the webhooks' on loopback only. */
export interface ManagerPorts {
  /** The webhook server of Cluster API has no flag for an address: it listens on all. */
  webhook: number;
  health: number;
  diagnostics: number;
}

export interface ManagerProcessOptions {
  name: string;
  file: string;
  settings: ManagerSettings;
  ports: ManagerPorts;
  /** Folder with `kubeconfig` and, in `certificates`, `tls.crt` and `tls.key` of the webhooks. */
  directory: string;
  logFile: string;
  /** Sent by the kernel when our process is gone, however it went. */
  parentDeathSignal?: NodeJS.Signals | undefined;
}

/** Flags of the Deployment that name addresses of a pod, and the election, for which a single process has no use. */
const replaced =
  /^--(leader-elect|diagnostics-address|insecure-diagnostics|health-addr|webhook-(port|cert-dir)|kubeconfig)\b/;

/** How to run a manager of Cluster API as a process: with the arguments of its Deployment, but at our addresses. */
export function managerProcess(options: ManagerProcessOptions): ProcessSpec {
  const { name, file, settings, ports, directory, logFile, parentDeathSignal } = options;
  const args = [
    ...settings.args.filter((argument) => !replaced.test(argument)),
    `--kubeconfig=${directory}/kubeconfig`,
    `--webhook-port=${ports.webhook}`,
    `--webhook-cert-dir=${directory}/certificates`,
    `--health-addr=127.0.0.1:${ports.health}`,
    `--diagnostics-address=127.0.0.1:${ports.diagnostics}`,
    '--insecure-diagnostics',
  ];
  // These binaries know nothing of us; setpriv asks the kernel for the signal and then becomes the manager.
  const command =
    parentDeathSignal === undefined
      ? [file, ...args]
      : ['/usr/bin/setpriv', '--pdeathsig', parentDeathSignal.replace(/^SIG/, ''), '--', file, ...args];
  return {
    name,
    file: command[0] ?? file,
    args: command.slice(1),
    environment: { POD_NAMESPACE: settings.namespace, POD_NAME: name, POD_UID: '00000000-0000-4000-8000-000000000000' },
    directory,
    logFile,
    isReady: (signal) => answersOk(ports.health, '/readyz', signal),
  };
}

function answersOk(port: number, path: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, signal, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
