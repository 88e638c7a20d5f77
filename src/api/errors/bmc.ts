import type { ErrorEntry } from './entry.ts';

/** Errors of `src/bmc`: reaching BMCs and making them do something. Conditions of bmc kinds carry the same texts. */
export const bmcErrors = {
  BMC_SECRET_UNNAMED: {
    message: '{object} names no Secret with the login of its BMC',
    hint: 'set spec.connection.authSecretRef.name and .namespace',
    retryable: false,
  },
  BMC_SECRET_MISSING: {
    message: 'there is no Secret {secret}, which {object} names for the login of its BMC',
    hint: 'create it with the keys username and password; it is noticed at once',
    retryable: true,
  },
  BMC_SECRET_INCOMPLETE: {
    message: 'Secret {secret} has no {key}, or an empty one',
    hint: 'a Secret with the login of a BMC needs the keys username and password; a change is noticed at once',
    retryable: true,
  },
  BMC_SECRET_FOREIGN: {
    message: '{object} names Secret {secret} of another namespace, which is not allowed here',
    hint: 'move the Secret into the namespace of what names it, or start capt serve with --rufio-cross-namespace-secrets',
    retryable: false,
  },
  BMC_NO_PROVIDER: {
    message: 'none of the ways to speak to BMC {bmc} is available here: {wanted}',
    hint: 'remove the part of spec.connection.providerOptions that asks for it',
    retryable: false,
  },
  BMC_UNREACHABLE: {
    message: 'BMC {bmc} cannot be reached: {cause}',
    hint: 'check its address, ports and network; nothing else is held up by it',
    retryable: true,
  },
  BMC_UNAUTHORIZED: {
    message: 'BMC {bmc} does not accept the login: {cause}',
    hint: 'correct the Secret: a change is tried at once, the same login only rarely because BMCs lock accounts',
    retryable: true,
  },
  BMC_BUSY: {
    message: 'BMC {bmc} is busy: {cause}',
    hint: 'nothing to do, it is asked again',
    retryable: true,
  },
  BMC_MISUNDERSTOOD: {
    message: 'BMC {bmc} gives answers that make no sense: {cause}',
    hint: 'check that there is a BMC at this address, and whether its firmware is up to date',
    retryable: true,
  },
  BMC_REFUSED: {
    message: 'BMC {bmc} refuses: {cause}',
    hint: 'do what its message says, then create the Job again',
    retryable: false,
  },
  BMC_UNSUPPORTED: {
    message: 'BMC {bmc} cannot do that: {cause}',
    hint: 'use another action, or another way to speak to the BMC (spec.connection.providerOptions)',
    retryable: false,
  },
  BMC_ACTION_INVALID: {
    message: 'the action cannot be carried out: {problem}',
    hint: 'correct the action and create the Job again',
    retryable: false,
  },
  BMC_TASK_TIMEOUT: {
    message: 'nothing was sent to BMC {bmc} within {seconds} s, although it should {action}: {cause}',
    hint: 'mend what stands in the way, then create the Job again',
    retryable: true,
  },
  BMC_NOT_OBEYED: {
    message: 'BMC {bmc} was asked to {action} ({times}, last at {at}) and took it, but {reading} after {seconds} s',
    hint: 'look at the machine and at the log of its BMC, and try a reset of the BMC; then create the Job again',
    retryable: true,
  },
  BMC_OUTCOME_UNKNOWN: {
    message: 'BMC {bmc} was asked to {action} at {at}, and whether it did is unknown: {unknown}',
    hint: 'look at the machine: create the Job again only if it may be done twice',
    retryable: false,
  },
  BMC_STATUS_LOST: {
    message: '{object} was begun at {at}, but its status is lost (by a restore or a move): it is not done again',
    hint: 'look at the machine, and create a new Job if it is still wanted',
    retryable: false,
  },
  BMC_MACHINE_MISSING: {
    message: 'there is no bmc Machine {machine}, which Job {job} is about',
    hint: 'create the Machine, or delete the Job',
    retryable: true,
  },
  BMC_TASK_NAME_TAKEN: {
    message: 'Task {task} exists already and does not belong to Job {job}',
    hint: 'delete that Task, or give the Job another name',
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
