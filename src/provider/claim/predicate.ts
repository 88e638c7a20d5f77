import type { Machine as BmcMachine } from '../../api/bmc/v1alpha1/machine.ts';
import type { TinkerbellMachine } from '../../api/infrastructure/v1beta1/tinkerbell-machine.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { Workflow } from '../../api/tinkerbell/v1alpha1/workflow.ts';

/** What a claim looks at besides the machine. */
export interface Candidate {
  hardware: Hardware;
  /** The bmc Machine that the Hardware names; `undefined` when it names none or it is not there. */
  bmc: BmcMachine | undefined;
  /** Workflows on the Hardware that have not finished. */
  unfinished: readonly Workflow[];
}

/** One condition that Hardware must fulfil to become a machine. */
export interface Predicate {
  readonly name: string;
  /** Why `candidate` cannot be `machine`, for people; `undefined` when this is no obstacle. */
  obstacle(candidate: Candidate, machine: TinkerbellMachine): string | undefined;
}
