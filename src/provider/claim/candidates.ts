import type { Machine as BmcMachine } from '../../api/bmc/v1alpha1/machine.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';
import { keyOf } from '../../kube/client/path.ts';
import { endOf } from '../machine/workflow-end.ts';
import type { Candidate } from './predicate.ts';

/** Candidates out of plain lists, for whoever has no caches. */
export function candidatesOf(
  hardware: readonly Hardware[],
  bmcs: readonly BmcMachine[],
  workflows: readonly Workflow[],
): Candidate[] {
  const bmcByKey = new Map(bmcs.map((bmc) => [keyOf(bmc.metadata), bmc]));
  const unfinished = Map.groupBy(
    workflows.filter((workflow) => workflow.spec?.hardwareRef && endOf(workflow) === undefined),
    ({ metadata: { namespace }, spec }) => keyOf({ namespace, name: spec?.hardwareRef }),
  );
  return hardware.map((one) => {
    const { namespace } = one.metadata;
    const name = one.spec?.bmcRef?.name;
    return {
      hardware: one,
      bmc: name === undefined ? undefined : bmcByKey.get(keyOf({ namespace, name })),
      unfinished: unfinished.get(keyOf(one.metadata)) ?? [],
    };
  });
}
