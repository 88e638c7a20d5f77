/** What an operator can set about machines; defaults in `defaultOptions`. */
export interface ProvisionOptions {
  /** How often an installation is tried before the machine has failed for good. */
  maxAttempts: number;
  /** Wait before the second attempt; doubled before each further one. */
  retrySeconds: number;
  /** How long a host may take to boot the installer, once its boot is prepared; then the attempt has failed. 0: for ever. */
  agentWaitLimitSeconds: number;
  /** How long a release may take before its host goes into quarantine and Cluster API goes on. */
  releaseTimeoutSeconds: number;
  /** Wait before a power-off that failed is tried again. */
  powerOffRetrySeconds: number;
  /** What is wiped on release where the machine does not say. */
  wipe: WipePolicy;
  /** Image of the wipe action; an agent of ours runs it natively, whatever registry stands in front. */
  wipeImage: string;
  /** Longest time between two looks at a machine, for what no watch tells. */
  resyncSeconds: number;
  /** How long a reason to wait stands before it is written to a TinkerbellMachine: most are over by then. */
  settleSeconds: number;
  /** The same for what comes by itself: owner, bootstrap data, the installation. */
  quietSeconds: number;
  /** How often a change of the current action is written to a TinkerbellMachine at most; less often when there are many. */
  progressSeconds: number;
}

export type WipePolicy = 'None' | 'Quick' | 'Full';

export const defaultOptions: ProvisionOptions = {
  maxAttempts: 3,
  retrySeconds: 30,
  agentWaitLimitSeconds: 1800,
  releaseTimeoutSeconds: 1200,
  powerOffRetrySeconds: 30,
  wipe: 'Quick',
  wipeImage: 'capt/wipe',
  resyncSeconds: 600,
  settleSeconds: 5,
  quietSeconds: 20,
  progressSeconds: 30,
};
