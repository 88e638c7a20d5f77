import { Job } from '../../api/bmc/v1alpha1/job.ts';
import type { Machine } from '../../api/bmc/v1alpha1/machine.ts';
import type { Task } from '../../api/bmc/v1alpha1/task.ts';
import type { Secret } from '../../api/core/secret.ts';
import type { KubeObject, ObjectName } from '../../api/meta/object.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Cache } from '../../kube/cache/cache.ts';
import type { Change } from '../../kube/cache/change.ts';
import { keyOf } from '../../kube/client/path.ts';
import { anyOf, generationChanged } from '../../kube/controller/predicates.ts';
import { toOwner, type WatchSource, watch } from '../../kube/controller/watch-source.ts';
import { nameOf } from '../../kube/objects/name-of.ts';
import { secretNameOf } from '../credentials.ts';
import { isRefreshWanted } from './machine/inventory-decision.ts';
import { finishedNow, isFinished } from './progress.ts';

/** The caches that the reconcilers of bmc kinds share. */
export interface BmcCaches {
  machines: Cache<Machine>;
  jobs: Cache<Job>;
  tasks: Cache<Task>;
  secrets: Cache<Secret>;
  hardware: Cache<Hardware>;
}

export const secretIndex = 'bmc-secret';
export const machineIndex = 'bmc-machine';

/** Machines by the Secret that they name. */
export function secretOfMachine({ metadata, spec }: Machine): string[] {
  const name = secretNameOf(spec?.connection, metadata.namespace ?? '');
  return name === undefined ? [] : [keyOf(name)];
}

/** Tasks that are under way by the Secret that they name. */
export function secretOfTask(task: Task): string[] {
  if (isFinished(task)) return [];
  const name = secretNameOf(task.spec?.connection, task.metadata.namespace ?? '');
  return name === undefined ? [] : [keyOf(name)];
}

/** Jobs that are under way by the Machine that they are about. */
export function machineOfJob(job: Job): string[] {
  return isFinished(job) || job.spec === undefined ? [] : [keyOf(job.spec.machineRef)];
}

/** Hardware by its BMC, which is in the same namespace. */
export function machineOfHardware({ metadata, spec }: Hardware): string[] {
  const { namespace } = metadata;
  const name = spec?.bmcRef?.name;
  return name && namespace ? [keyOf({ namespace, name })] : [];
}

/** Its spec, its login, a wish for a new inventory, a Hardware that is new to it, and the end of a Job. */
export function machineWatches({ machines, jobs, secrets, hardware }: BmcCaches): WatchSource[] {
  return [
    watch(machines, { predicates: [anyOf(generationChanged, refreshWantedNow)] }),
    watch(secrets, { map: namesBy(machines, secretIndex), predicates: [dataChanged] }),
    watch(hardware, { map: machineNames(machineOfHardware), predicates: [bmcChanged] }),
    watch(jobs, { map: ({ spec }) => (spec === undefined ? [] : [spec.machineRef]), predicates: [finishedNow] }),
  ];
}

/** Its spec, the end of a Task, a Machine that comes. */
export function jobWatches({ jobs, tasks, machines }: BmcCaches): WatchSource[] {
  return [
    watch(jobs, { predicates: [generationChanged] }),
    watch(tasks, { map: toOwner(Job, { controllerOnly: true }), predicates: [anyOf(finishedNow, cameOrWent)] }),
    watch(machines, { map: namesBy(jobs, machineIndex), predicates: [anyOf<Machine>(cameOrWent, generationChanged)] }),
  ];
}

/** Its spec and its login. */
export function taskWatches({ tasks, secrets }: BmcCaches): WatchSource[] {
  return [
    watch(tasks, { predicates: [generationChanged] }),
    watch(secrets, { map: namesBy(tasks, secretIndex), predicates: [dataChanged] }),
  ];
}

function namesBy<T extends KubeObject>(cache: Cache<T>, index: string): (object: KubeObject) => ObjectName[] {
  return (object) => cache.byIndex(index, keyOf(object.metadata)).map(nameOf);
}

function machineNames<T extends KubeObject>(keys: (object: T) => string[]): (object: T) => ObjectName[] {
  return (object) =>
    keys(object).map((key) => {
      const [namespace = '', name = ''] = key.split('/');
      return { namespace, name };
    });
}

/** The first list is no news: whoever it concerns is in a list of its own. */
function cameOrWent<T extends KubeObject>({ type, initial }: Change<T>): boolean {
  return type !== 'updated' && !initial;
}

function dataChanged({ type, initial, object, old }: Change<Secret>): boolean {
  if (type !== 'updated') return !initial;
  return old.data?.['username'] !== object.data?.['username'] || old.data?.['password'] !== object.data?.['password'];
}

function refreshWantedNow(change: Change<Machine>): boolean {
  return change.type === 'updated' && isRefreshWanted(change.object) && !isRefreshWanted(change.old);
}

function bmcChanged({ type, initial, object, old }: Change<Hardware>): boolean {
  if (type === 'updated') return old.spec?.bmcRef?.name !== object.spec?.bmcRef?.name;
  return type === 'added' && !initial;
}
