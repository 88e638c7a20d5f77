import { CaptError } from '../../api/errors/capt-error.ts';

export interface ElectionTimes {
  /** A lease that did not change for so long may be taken by others. Whole seconds. Default 15. */
  leaseDurationSeconds: number;
  /** A leader that could not renew for so long is none any more. Default 10. */
  renewDeadlineSeconds: number;
  /** Between two renewals; between two attempts to acquire it is longer at random. Default 2. */
  retryPeriodSeconds: number;
}

/** The defaults of client-go and controller-runtime. */
export const electionTimes: ElectionTimes = {
  leaseDurationSeconds: 15,
  renewDeadlineSeconds: 10,
  retryPeriodSeconds: 2,
};

/** Attempts to acquire are up to this share of the retry period further apart, so that candidates do not march in step. */
export const jitterFactor = 1.2;

/** @throws CaptError LEADER_ELECTION_TIMES */
export function checkElectionTimes(times: ElectionTimes): ElectionTimes {
  const problem = problemOf(times);
  if (problem !== undefined) throw new CaptError('LEADER_ELECTION_TIMES', { problem });
  return times;
}

function problemOf({ leaseDurationSeconds, renewDeadlineSeconds, retryPeriodSeconds }: ElectionTimes) {
  if (!Number.isInteger(leaseDurationSeconds) || leaseDurationSeconds < 1) {
    return `a lease duration of ${leaseDurationSeconds} s is no whole number of seconds above 0`;
  }
  if (!(retryPeriodSeconds > 0)) return `a retry period of ${retryPeriodSeconds} s`;
  if (!(renewDeadlineSeconds < leaseDurationSeconds)) {
    return `a renew deadline of ${renewDeadlineSeconds} s is not below the lease duration of ${leaseDurationSeconds} s`;
  }
  // The slowest candidate retries after that long; a leader must be able to try again within its deadline.
  if (!(renewDeadlineSeconds > retryPeriodSeconds * (1 + jitterFactor))) {
    return `a renew deadline of ${renewDeadlineSeconds} s leaves no time for retries every ${retryPeriodSeconds} s`;
  }
  return undefined;
}
