import { KubeEventRecorder } from '../kube/events/kube-event-recorder.ts';
import type { Manager } from '../kube/manager/manager.ts';
import { addClusterController, type ClusterControllerOptions } from './cluster/cluster-controller.ts';
import { addMachineController, type MachineControllerOptions } from './machine/machine-controller.ts';
import { type TemplateSource, templateSource } from './os-template/template-source.ts';

export interface ProviderServiceOptions
  extends Omit<MachineControllerOptions, 'templateFor' | 'events' | 'concurrency'> {
  /** TinkerbellMachines worked on at the same time. Default 10. */
  machineConcurrency?: number;
  /** TinkerbellClusters worked on at the same time. Default 10. */
  clusterConcurrency?: number;
  /** Makes the template for machines whose users have none of their own. */
  builtInTemplate: TemplateSource;
}

/** Adds the Cluster API infrastructure provider: TinkerbellClusters and TinkerbellMachines. */
export function addProviderService(manager: Manager, options: ProviderServiceOptions): void {
  const { machineConcurrency, clusterConcurrency, builtInTemplate, ...rest } = options;
  const { clock } = rest;
  const events = new KubeEventRecorder(manager.client, {
    controller: 'capt.tinkerbell.org/provider',
    ...(clock === undefined ? {} : { clock }),
  });
  manager.addService(events);
  const clusters: ClusterControllerOptions = { ...rest };
  if (clusterConcurrency !== undefined) clusters.concurrency = clusterConcurrency;
  addClusterController(manager, clusters);
  addMachineController(manager, {
    ...rest,
    ...(machineConcurrency === undefined ? {} : { concurrency: machineConcurrency }),
    templateFor: templateSource(builtInTemplate),
    events,
  });
}
