import type { Condition } from '../../meta/condition.ts';
import type { LabelSelector } from '../../meta/label-selector.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Resource } from '../../meta/resource.ts';
import type { MachineTemplateSpec } from './machine-deployment.ts';

/** Machines of one make in a number. Only the fields a provider reads. */
export interface MachineSet extends KubeObject {
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
    conditions?: Condition[];
    observedGeneration?: number;
  };
}

export const MachineSet: Resource<MachineSet> = {
  group: 'cluster.x-k8s.io',
  version: 'v1beta2',
  kind: 'MachineSet',
  plural: 'machinesets',
  namespaced: true,
};
