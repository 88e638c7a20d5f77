import * as yaml from 'js-yaml';
import { z } from 'zod';
import type { Instance } from './instance.ts';

/** What the machine knows of itself besides: its name, for bootstrap data that leave it open, and its addresses. */
export interface Identity {
  hostname: string;
  addresses: readonly string[];
}

const cloudConfig = z.object({
  write_files: z.array(z.object({ path: z.string(), content: z.string().default('') })).default([]),
});

/** v1beta4 of kubeadm lists arguments, v1beta3 has them as a map. */
const extraArgs = z.union([
  z.array(z.object({ name: z.string(), value: z.string() })),
  z.record(z.string(), z.string()).transform((map) => Object.entries(map).map(([name, value]) => ({ name, value }))),
]);

const taint = z.object({
  key: z.string(),
  value: z.string().exactOptional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

const configuration = z.object({
  kind: z.string(),
  controlPlane: z.unknown().optional(),
  nodeRegistration: z
    .object({
      name: z.string().exactOptional(),
      kubeletExtraArgs: extraArgs.default([]),
      taints: z.array(taint).nullish(),
    })
    .default({ kubeletExtraArgs: [] }),
});

const controlPlaneTaint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' } as const;
const controlPlaneLabel = { 'node-role.kubernetes.io/control-plane': '' };

/**
 * Reads bootstrap data as cloud-init and kubeadm would: which node is to join, and as what.
 * @throws Error that says what is wrong with them, without their content (it is secret)
 */
export function readBootstrapData(userData: string, { hostname, addresses }: Identity): Instance {
  const filled = userData.replaceAll(/\{\{\s*ds\.meta_data\.(local_)?hostname\s*\}\}/g, hostname);
  const documents = kubeadmFiles(filled).flatMap((content) => yaml.loadAll(content) as unknown[]);
  const found = documents.flatMap((document) => {
    const { success, data } = configuration.safeParse(document);
    return success && ['InitConfiguration', 'JoinConfiguration'].includes(data.kind) ? [data] : [];
  })[0];
  if (found === undefined)
    throw new Error('the bootstrap data have no InitConfiguration or JoinConfiguration of kubeadm');
  const { name, kubeletExtraArgs, taints } = found.nodeRegistration;
  const argument = (wanted: string) => kubeletExtraArgs.find((each) => each.name === wanted)?.value;
  const providerID = argument('provider-id');
  const cluster = documents.find((document) => (document as { kind?: string } | null)?.kind === 'ClusterConfiguration');
  const isControlPlane = found.kind === 'InitConfiguration' || found.controlPlane !== undefined;
  const nodeName = argument('hostname-override') ?? (name || hostname);
  return {
    nodeName,
    addresses: [
      ...addresses.map((address) => ({ type: 'InternalIP', address })),
      { type: 'Hostname', address: nodeName },
    ],
    ...(providerID === undefined ? {} : { providerID }),
    isControlPlane,
    // Without a list kubeadm keeps workloads off control planes; an empty list is meant.
    taints: taints ?? (isControlPlane ? [controlPlaneTaint] : []),
    labels: { ...labelsOf(argument('node-labels')), ...(isControlPlane ? controlPlaneLabel : {}) },
    ...(cluster === undefined ? {} : { clusterConfiguration: yaml.dump(cluster) }),
  };
}

/** Contents of the files that kubeadm is given. */
function kubeadmFiles(userData: string): string[] {
  if (!userData.split('\n').some((line) => line.trim() === '#cloud-config')) {
    throw new Error('the bootstrap data are no cloud-config');
  }
  let parsed: unknown;
  try {
    parsed = yaml.load(userData);
  } catch {
    throw new Error('the bootstrap data are not YAML');
  }
  const { success, data } = cloudConfig.safeParse(parsed);
  if (!success) throw new Error('the bootstrap data have no list of write_files');
  return data.write_files.flatMap(({ path, content }) => (/\/kubeadm[^/]*\.yaml$/.test(path) ? [content] : []));
}

function labelsOf(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
}
