import { readFileSync } from 'node:fs';
import { Cluster } from '../../../src/api/capi/v1beta2/cluster.ts';
import { MachineDeployment } from '../../../src/api/capi/v1beta2/machine-deployment.ts';
import { Secret } from '../../../src/api/core/secret.ts';
import { TinkerbellCluster } from '../../../src/api/infrastructure/v1beta1/tinkerbell-cluster.ts';
import type { TinkerbellMachineSpec } from '../../../src/api/infrastructure/v1beta1/tinkerbell-machine-spec.ts';
import { TinkerbellMachineTemplate } from '../../../src/api/infrastructure/v1beta1/tinkerbell-machine-template.ts';
import type { KubeObject } from '../../../src/api/meta/object.ts';
import { apiVersionOf, type Resource } from '../../../src/api/meta/resource.ts';
import { workloadSecrets } from '../../../src/bootstrap/quickstart/simulated-workload.ts';
import { KubeadmConfigTemplate, KubeadmControlPlane, MachineHealthCheck } from './capi-kinds.ts';

export interface ClusterShape {
  namespace: string;
  name: string;
  /** Of every machine. */
  version: string;
  /** Kubeconfig of the workload API server, and its address. */
  kubeconfigFile: string;
  endpoint: { host: string; port: number };
  workers: number;
  /** What the machines of a role ask for. */
  machineSpec?: (role: 'control-plane' | 'workers') => TinkerbellMachineSpec;
}

/** One object with the kind it is of. */
export interface Manifest<T extends KubeObject = KubeObject> {
  resource: Resource<T>;
  object: T;
}

const nodeRegistration = {
  name: '{{ ds.meta_data.local_hostname }}',
  kubeletExtraArgs: [{ name: 'provider-id', value: 'PROVIDER_ID' }],
};

/** How quickly a Machine gives its Node up, in tests. */
const deletion = { nodeDeletionTimeoutSeconds: 10, nodeDrainTimeoutSeconds: 10 };

/**
 * What a user applies for a cluster of one control plane machine and some workers, plus what a real control plane provider
 * needs when the workload API server is there already: its kubeconfig, and an etcd that is somebody else's.
 */
export async function clusterManifests(shape: ClusterShape): Promise<Manifest[]> {
  const { namespace, name, endpoint } = shape;
  const make = builder(namespace);
  const reference = (resource: Resource, target: string) => ({
    apiGroup: resource.group,
    kind: resource.kind,
    name: target,
  });
  return [
    ...(await secretsOf(shape)),
    make(TinkerbellCluster, name, { controlPlaneEndpoint: endpoint }),
    machineTemplate(shape, 'control-plane'),
    machineTemplate(shape, 'workers'),
    make(KubeadmConfigTemplate, `${name}-workers`, { template: { spec: { joinConfiguration: { nodeRegistration } } } }),
    make(Cluster, name, {
      clusterNetwork: { pods: { cidrBlocks: ['10.1.0.0/16'] }, services: { cidrBlocks: ['10.0.0.0/24'] } },
      infrastructureRef: reference(TinkerbellCluster, name),
      controlPlaneRef: reference(KubeadmControlPlane, `${name}-control-plane`),
    }),
    make(KubeadmControlPlane, `${name}-control-plane`, {
      replicas: 1,
      version: shape.version,
      machineTemplate: {
        // Without it the expiry would be asked of the API server in a pod that there is not.
        metadata: { annotations: { 'machine.cluster.x-k8s.io/certificates-expiry': '2099-01-01T00:00:00Z' } },
        spec: { infrastructureRef: reference(TinkerbellMachineTemplate, `${name}-control-plane`), deletion },
      },
      kubeadmConfigSpec: {
        clusterConfiguration: {
          etcd: {
            external: {
              endpoints: ['https://192.0.2.250:2379'],
              caFile: '/etc/kubernetes/pki/etcd/ca.crt',
              certFile: '/etc/kubernetes/pki/apiserver-etcd-client.crt',
              keyFile: '/etc/kubernetes/pki/apiserver-etcd-client.key',
            },
          },
        },
        initConfiguration: { nodeRegistration },
        joinConfiguration: { nodeRegistration },
      },
    }),
    make(MachineDeployment, `${name}-workers`, {
      clusterName: name,
      replicas: shape.workers,
      selector: {},
      template: {
        spec: {
          clusterName: name,
          version: shape.version,
          bootstrap: { configRef: reference(KubeadmConfigTemplate, `${name}-workers`) },
          infrastructureRef: reference(TinkerbellMachineTemplate, `${name}-workers`),
          deletion,
        },
      },
    }),
  ];
}

/** The template of a role's machines; under another name for a rolling change. */
export function machineTemplate(
  { namespace, name, machineSpec }: ClusterShape,
  role: 'control-plane' | 'workers',
  suffix = '',
  spec: TinkerbellMachineSpec = machineSpec?.(role) ?? {},
): Manifest {
  return builder(namespace)(TinkerbellMachineTemplate, `${name}-${role}${suffix}`, { template: { spec } });
}

/** Replaces workers whose node is not ready for so long. */
export function healthCheck({ namespace, name }: ClusterShape, timeoutSeconds: number): Manifest {
  return builder(namespace)(MachineHealthCheck, `${name}-workers`, {
    clusterName: name,
    selector: { matchLabels: { 'cluster.x-k8s.io/deployment-name': `${name}-workers` } },
    checks: {
      nodeStartupTimeoutSeconds: 300,
      unhealthyNodeConditions: [{ type: 'Ready', status: 'Unknown', timeoutSeconds }],
    },
  });
}

async function secretsOf({ namespace, name, kubeconfigFile }: ClusterShape): Promise<Manifest<Secret>[]> {
  const kubeconfig = readFileSync(kubeconfigFile, 'utf8');
  const secrets = await workloadSecrets({ namespace, name, kubeconfig });
  return secrets.map((object) => ({ resource: Secret, object }));
}

function builder(namespace: string) {
  return <T extends KubeObject>(resource: Resource<T>, name: string, spec: object): Manifest => ({
    resource,
    object: {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: { namespace, name },
      spec,
    } as KubeObject,
  });
}
