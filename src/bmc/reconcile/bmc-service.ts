import { Job } from '../../api/bmc/v1alpha1/job.ts';
import { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import { Task } from '../../api/bmc/v1alpha1/task.ts';
import { Secret } from '../../api/core/secret.ts';
import { type Clock, systemClock } from '../../api/time/clock.ts';
import { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import { Controller } from '../../kube/controller/controller.ts';
import type { WatchSource } from '../../kube/controller/watch-source.ts';
import { KubeEventRecorder } from '../../kube/events/kube-event-recorder.ts';
import type { EventRecorder } from '../../kube/events/recorder.ts';
import type { ControllerContext, Manager } from '../../kube/manager/manager.ts';
import { keepLoginOnly } from '../credentials.ts';
import { IpmiDriver } from '../ipmi/driver.ts';
import { type BmcDrivers, providersOf } from '../providers.ts';
import { RedfishDriver } from '../redfish/redfish-driver.ts';
import { BmcAccess } from './access/bmc-access.ts';
import { JobReconciler } from './job/job-reconciler.ts';
import { InventoryCollector } from './machine/inventory-collector.ts';
import { MachineReconciler } from './machine/machine-reconciler.ts';
import { type BmcSettings, defaultBmcSettings } from './settings.ts';
import { SentTasks } from './task/sent-tasks.ts';
import { TaskReconciler } from './task/task-reconciler.ts';
import {
  type BmcCaches,
  jobWatches,
  machineIndex,
  machineOfHardware,
  machineOfJob,
  machineWatches,
  secretIndex,
  secretOfMachine,
  secretOfTask,
  taskWatches,
} from './watches.ts';

export interface BmcServiceOptions extends Partial<BmcSettings> {
  /** Default: IPMI and Redfish. */
  drivers?: BmcDrivers;
  /** Only this namespace; absent means all. */
  namespace?: string;
  /** Default: events are written to the API server. */
  events?: EventRecorder;
  clock?: Clock;
}

/** Secrets that are never the login of a BMC, and may be many or large. */
const secretSelector = [
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
  'kubernetes.io/tls',
  'kubernetes.io/dockerconfigjson',
  'bootstrap.kubernetes.io/token',
  'cluster.x-k8s.io/secret',
]
  .map((type) => `type!=${type}`)
  .join(',');

/** Adds everything that deals with BMCs: the controllers of bmc Machines, Jobs and Tasks. */
export function addBmcService(manager: Manager, options: BmcServiceOptions = {}): void {
  const {
    drivers = driversThatShip(options.clock),
    namespace,
    events: givenEvents,
    clock = systemClock,
    ...given
  } = options;
  const settings: BmcSettings = { ...defaultBmcSettings, ...given };
  const events = givenEvents ?? addRecorder(manager, clock);
  // One for all three: a BMC is asked one thing at a time, whoever asks.
  const access = new BmcAccess(providersOf(drivers), settings, clock);
  const sent = new SentTasks();
  const caches = cachesOf(manager, namespace);
  const { machines, jobs, tasks, secrets, hardware } = caches;
  const add = (
    name: string,
    concurrency: number,
    watches: WatchSource[],
    make: (context: ControllerContext) => Pick<TaskReconciler, 'reconcile'>,
  ) =>
    manager.add((context) => {
      const reconciler = make(context);
      return new Controller({
        name,
        concurrency,
        watches,
        clock,
        reconcile: (key, call) => reconciler.reconcile(key, call),
      });
    });
  add('bmc-machine', settings.machineConcurrency, machineWatches(caches), ({ client }) => {
    const linked = (key: string) => hardware.byIndex(machineIndex, key);
    const inventory = new InventoryCollector({ client, linked, access, events, clock, settings });
    return new MachineReconciler({ client, machines, secrets, access, inventory, events, clock, settings });
  });
  add('bmc-job', settings.jobConcurrency, jobWatches(caches), ({ client }) => {
    return new JobReconciler({ client, jobs, tasks, machines, events, clock, settings, sent });
  });
  add('bmc-task', settings.taskConcurrency, taskWatches(caches), ({ client }) => {
    return new TaskReconciler({ client, tasks, jobs, secrets, access, events, clock, settings, sent });
  });
}

function driversThatShip(clock: Clock = systemClock): BmcDrivers {
  return { ipmi: new IpmiDriver({ clock }), redfish: new RedfishDriver({ clock }) };
}

function addRecorder(manager: Manager, clock: Clock): EventRecorder {
  const recorder = new KubeEventRecorder(manager.client, { controller: 'capt.tinkerbell.org/bmc', clock });
  manager.addService(recorder);
  return recorder;
}

function cachesOf(manager: Manager, namespace: string | undefined): BmcCaches {
  const within = namespace === undefined ? {} : { namespace };
  const selection = namespace === undefined ? {} : { selection: within };
  return {
    machines: manager.cache(Machine, { ...selection, indexes: { [secretIndex]: secretOfMachine } }),
    jobs: manager.cache(Job, { ...selection, indexes: { [machineIndex]: machineOfJob } }),
    tasks: manager.cache(Task, { ...selection, indexes: { [secretIndex]: secretOfTask } }),
    hardware: manager.cache(Hardware, { ...selection, indexes: { [machineIndex]: machineOfHardware } }),
    secrets: manager.cache(Secret, {
      selection: { ...within, fieldSelector: secretSelector },
      transform: keepLoginOnly,
    }),
  };
}
