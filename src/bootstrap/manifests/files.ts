import type { GeneratedFile } from '../../api/generate/files.ts';
import { toYaml } from '../../api/generate/yaml.ts';
import { webhookManifests } from './webhooks.ts';

/** Manifests that are made from code. */
export function generatedManifests(): GeneratedFile[] {
  const webhooks = webhookManifests().map((manifest) => toYaml(manifest, 'src/provider/webhooks'));
  return [{ path: 'config/webhook/manifests.yaml', content: webhooks.join('---\n') }];
}
