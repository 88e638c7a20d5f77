import type { Client } from '../kube/client/client.ts';
import { KubeEventRecorder } from '../kube/events/kube-event-recorder.ts';
import type { Manager } from '../kube/manager/manager.ts';
import { addClusterController, type ClusterControllerOptions } from './cluster/cluster-controller.ts';
import { addMachineController, type MachineControllerOptions } from './machine/machine-controller.ts';
import { type TemplateSource, templateSource } from './os-template/template-source.ts';

export interface ProviderServiceOptions
  extends Omit<MachineControllerOptions, 'templateFor' | 'events' | 'tinkerbellEvents' | 'concurrency'> {
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
  const { clock, tinkerbell } = rest;
  const recorder = (client: Client, where = '') => {
    const controller = 'capt.tinkerbell.org/provider';
    const events = new KubeEventRecorder(client, { controller, ...(clock === undefined ? {} : { clock }) });
    manager.addService({ name: `${events.name}${where}`, run: (signal, ready) => events.run(signal, ready) });
    return events;
  };
  const clusters: ClusterControllerOptions = { ...rest };
  if (clusterConcurrency !== undefined) clusters.concurrency = clusterConcurrency;
  addClusterController(manager, clusters);
  addMachineController(manager, {
    ...rest,
    ...(machineConcurrency === undefined ? {} : { concurrency: machineConcurrency }),
    templateFor: templateSource(builtInTemplate),
    events: recorder(manager.client),
    ...(tinkerbell === undefined ? {} : { tinkerbellEvents: recorder(tinkerbell.client, ' in the other cluster') }),
  });
}
