/** How the reconcilers of bmc kinds behave; the units are in the names. */
export interface BmcSettings {
  /** How often the power state of every machine is read, give or take a tenth. 0 means 180. Default 1,800. */
  powerCheckSeconds: number;
  /** How often the inventory of every machine is read, give or take a tenth. Default 86,400. */
  inventoryRefreshSeconds: number;
  collectInventory: boolean;
  /** Accept Secrets of another namespace than that of the Machine or Task which names them. Default true. */
  allowCrossNamespaceSecrets: boolean;
  /** A Task that is not done after so long has failed. Default 600. */
  taskTimeoutSeconds: number;
  /** For opening a session, all providers together. Default 60. */
  connectTimeoutSeconds: number;
  /** For one call to a BMC. Default 30. */
  callTimeoutSeconds: number;
  /** How long a session stays open to see a command take effect. Default 5. */
  holdSeconds: number;
  /** How often it is looked within that. Default 1. */
  holdReadSeconds: number;
  /** How long to wait between two sessions that look whether a command took effect; it grows to ten times that. Default 3. */
  readBackSeconds: number;
  /** How long a BMC may tell an old power state after a command. Default 60. */
  settleSeconds: number;
  /** The same for "on" and "off" of which nobody knows whether they arrived: asking again does no harm. Default 15. */
  unansweredSeconds: number;
  /** How long the power must be watched after a restart, which is never seen at once. Default 10. */
  restartWatchSeconds: number;
  /** How often a boot device or medium is set before a BMC that forgets it is named. Default 3. */
  setAttempts: number;
  /** Sessions a minute with one BMC, beyond a burst. Default 30. */
  sessionsPerMinute: number;
  /** Default 10. */
  sessionBurst: number;
  /** After so many failures in a row a BMC is left alone. Default 3. */
  breakerThreshold: number;
  /** The wait after the first failure; it doubles until the threshold is reached. Default 2. */
  retrySeconds: number;
  /** How long a BMC is left alone at first; it doubles with every failure. Default 30. */
  breakerSeconds: number;
  /** Default 1,800. */
  breakerMaxSeconds: number;
  /** A Task does not wait longer than this for the next try. Default 60. */
  breakerTaskMaxSeconds: number;
  /** How long a login that was refused is not tried again; it doubles. Default 300: BMCs lock accounts. */
  refusedSeconds: number;
  /** Default 3,600. */
  refusedMaxSeconds: number;
  /** How long a provider that failed where another answered is tried last. Default 600. */
  providerRetrySeconds: number;
  /** A Job that takes longer than this is shown as running; one that is done before goes straight to its end. Default 15. */
  jobQuietSeconds: number;
  /**
   * How long after a Task was made, which shows that it is wanted, something may be sent without asking the API server again.
   * Default 15.
   */
  aheadSeconds: number;
  /** How long to wait before looking again for something in Kubernetes that should be there. Default 15. */
  missingRetrySeconds: number;
  /** Machines read at the same time. Default 32. */
  machineConcurrency: number;
  /** Tasks under way at the same time. Default 64. */
  taskConcurrency: number;
  /** Default 8. */
  jobConcurrency: number;
}

export const defaultBmcSettings: Readonly<BmcSettings> = Object.freeze({
  powerCheckSeconds: 1800,
  inventoryRefreshSeconds: 86_400,
  collectInventory: true,
  allowCrossNamespaceSecrets: true,
  taskTimeoutSeconds: 600,
  connectTimeoutSeconds: 60,
  callTimeoutSeconds: 30,
  holdSeconds: 5,
  holdReadSeconds: 1,
  readBackSeconds: 3,
  settleSeconds: 60,
  unansweredSeconds: 15,
  restartWatchSeconds: 10,
  setAttempts: 3,
  sessionsPerMinute: 30,
  sessionBurst: 10,
  breakerThreshold: 3,
  retrySeconds: 2,
  breakerSeconds: 30,
  breakerMaxSeconds: 1800,
  breakerTaskMaxSeconds: 60,
  refusedSeconds: 300,
  refusedMaxSeconds: 3600,
  providerRetrySeconds: 600,
  jobQuietSeconds: 15,
  aheadSeconds: 15,
  missingRetrySeconds: 15,
  machineConcurrency: 32,
  taskConcurrency: 64,
  jobConcurrency: 8,
});
