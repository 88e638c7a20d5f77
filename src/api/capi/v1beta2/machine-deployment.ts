import type { Condition } from '../../meta/condition.ts';
import type { LabelSelector } from '../../meta/label-selector.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Resource } from '../../meta/resource.ts';
import type { MachineSpec } from './machine.ts';

/** What machines of a set are made from. */
export interface MachineTemplateSpec {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: MachineSpec;
}

/** Machines of one make in a number, rolled from version to version. Only the fields a provider reads. */
export interface MachineDeployment extends KubeObject {
  spec?: {
    clusterName: string;
    replicas?: number;
    selector: LabelSelector;
    template: MachineTemplateSpec;
  };
  status?: {
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    upToDateReplicas?: number;
    phase?: string;
    conditions?: Condition[];
    observedGeneration?: number;
  };
}

export const MachineDeployment: Resource<MachineDeployment> = {
  group: 'cluster.x-k8s.io',
  version: 'v1beta2',
  kind: 'MachineDeployment',
  plural: 'machinedeployments',
  namespaced: true,
};
