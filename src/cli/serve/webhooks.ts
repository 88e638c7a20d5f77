import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptError } from '../../api/errors/capt-error.ts';
import { AdmissionServer } from '../../kube/admission/admission-server.ts';
import type { Manager } from '../../kube/manager/manager.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import { providerWebhooks } from '../../provider/webhooks/handlers.ts';
import type { ProviderFlags } from './provider-flags.ts';

/** Where controller-runtime looks, and where CAPT's Deployment mounts the Secret of cert-manager. */
const defaultDirectory = () => join(tmpdir(), 'k8s-webhook-server', 'serving-certs');

/**
 * Serves the webhooks on every replica. A certificate directory that was named must hold a certificate; without one, and
 * without a certificate at the default place, webhooks are off and a warning says so.
 */
export function addWebhooks(
  manager: Pick<Manager, 'addWebhooks'>,
  { webhookCertDir, webhookHost, webhookPort }: ProviderFlags,
): void {
  const directory = webhookCertDir ?? defaultDirectory();
  if (webhookCertDir === undefined && !existsSync(join(directory, 'tls.crt'))) {
    runtimeWarning.publish({ what: 'webhooks are off', error: new CaptError('WEBHOOKS_OFF', { directory }) });
    return;
  }
  manager.addWebhooks(
    new AdmissionServer({
      handlers: providerWebhooks(),
      certificate: { directory },
      port: webhookPort,
      ...(webhookHost === undefined ? {} : { host: webhookHost }),
    }),
  );
}
