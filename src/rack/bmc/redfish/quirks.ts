import type { Dice } from '../dice.ts';

/** What happens to an answer on its way. `hang` is a connection of which only one end is left. */
export type WireFault = 'none' | 'hang' | 'cut' | 'truncate' | 'garbage' | 'list' | 'empty' | 'huge';

/** Ways in which real BMCs read the Redfish specification, and ways in which they break. */
export interface RedfishQuirks {
  /** Answers 200 to a boot override and then disables it (bmc-toolbox/bmclib#459). */
  revertsBoot: boolean;
  /** Refuses a boot override that says the mode (bmc-toolbox/bmclib#318). */
  refusesBootMode: boolean;
  /** Takes boot overrides only at the settings resource; the system refuses (`refuses`) or does nothing (`ignores`). */
  bootOnlyInSettings: 'no' | 'refuses' | 'ignores';
  /** Takes boot overrides only as attributes of the manager. */
  bootOnlyInAttributes: boolean;
  /** Says nowhere which values it takes. */
  hidesAllowable: boolean;
  /** Says only in ActionInfo which values it takes. */
  onlyActionInfo: boolean;
  /** Answers 428 to a change without `If-Match`. */
  demandsIfMatch: boolean;
  /** Gives weak entity tags and takes only strong ones. */
  takesOnlyStrongEtags: boolean;
  /** Answers 412 to any `If-Match`. */
  refusesIfMatch: boolean;
  /** Does things after it has answered 202; `Location` is a task monitor, or the Task itself. */
  tasks: 'none' | 'monitor' | 'resource';
  /** How long a task takes, in milliseconds. */
  taskMs: number;
  /** Ends every task as Exception. */
  failsTasks: boolean;
  /** Has no sessions to give: no service, or all in use. */
  sessions: 'yes' | 'absent' | 'full';
  /** Refuses to switch on what is on and off what is off. */
  refusesSamePower: boolean;
  /** Takes virtual media and leaves the drive empty. */
  losesMedia: boolean;
  /** Leaves image and `Inserted` as they were when it has ejected. */
  keepsImageWhenEjected: boolean;
  /** Parameters of InsertMedia that it refuses, and that it demands. */
  refusedInsertParameters: readonly string[];
  demandedInsertParameters: readonly string[];
  /** Repeats what it was sent in what it refuses. */
  echoesRequests: boolean;
  /** What busy answers say in `Retry-After`; `undefined` for nothing. */
  retryAfter: string | undefined;
  /** Wants a login even for the service root. */
  closedRoot: boolean;
  /** Ends the connection after every answer. */
  closesConnections: boolean;
  wireFault: WireFault;
  /** Which requests the wire fault strikes. */
  strikes: (method: string, path: string) => boolean;
}

export const noQuirks: RedfishQuirks = {
  revertsBoot: false,
  refusesBootMode: false,
  bootOnlyInSettings: 'no',
  bootOnlyInAttributes: false,
  hidesAllowable: false,
  onlyActionInfo: false,
  demandsIfMatch: false,
  takesOnlyStrongEtags: false,
  refusesIfMatch: false,
  tasks: 'none',
  taskMs: 0,
  failsTasks: false,
  sessions: 'yes',
  refusesSamePower: true,
  losesMedia: false,
  keepsImageWhenEjected: false,
  refusedInsertParameters: [],
  demandedInsertParameters: [],
  echoesRequests: false,
  retryAfter: '5',
  closedRoot: false,
  closesConnections: false,
  wireFault: 'none',
  strikes: () => true,
};

/** Quirks with which a driver still has to come to a good end. */
export function rollQuirks(dice: Dice): Partial<RedfishQuirks> {
  const demandsIfMatch = dice.chance(0.3);
  const properties = ['Inserted', 'WriteProtected', 'TransferProtocolType', 'TransferMethod'];
  const fates = properties.map((property) => ({ property, fate: dice.below(4) }));
  return {
    refusesBootMode: dice.chance(0.3),
    hidesAllowable: dice.chance(0.2),
    onlyActionInfo: dice.chance(0.3),
    demandsIfMatch,
    takesOnlyStrongEtags: dice.chance(0.2),
    refusesIfMatch: !demandsIfMatch && dice.chance(0.2),
    tasks: dice.chance(0.4) ? (dice.chance(0.5) ? 'monitor' : 'resource') : 'none',
    sessions: dice.chance(0.2) ? (dice.chance(0.5) ? 'absent' : 'full') : 'yes',
    refusesSamePower: dice.chance(0.5),
    keepsImageWhenEjected: dice.chance(0.3),
    refusedInsertParameters: fates.filter(({ fate }) => fate === 0).map(({ property }) => property),
    demandedInsertParameters: fates.filter(({ fate }) => fate === 1).map(({ property }) => property),
    closedRoot: dice.chance(0.1),
    closesConnections: dice.chance(0.3),
  };
}
