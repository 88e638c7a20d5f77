import { BmcError } from '../../bmc-error.ts';
import type { BmcSession, BootOverride, BootOverrideState, CallOptions } from '../../port.ts';
import type { BmcSettings } from '../settings.ts';
import type { Facts, Operation, Verdict } from './operation.ts';

/** What the boot override is; `undefined` when this BMC takes one but cannot tell it. */
type Reading = BootOverrideState | undefined;

export function bootOperation(wanted: BootOverride, settings: BmcSettings): Operation<Reading> {
  return {
    what: `boot from ${describeOverride(wanted)}`,
    needs: 'bootOverride',
    onceOnly: false,
    // Set again after a crash even where it reads right, as at first.
    lags: false,
    read: readOverride,
    send: (session, call) => session.setBootOverride(wanted, call),
    describe: (reading) => `its boot device reads ${describeOverride(reading)}`,
    remember: describeOverride,
    decide: (facts) => decideBoot(wanted, facts, settings),
  };
}

/** What follows from the boot device that is read. Setting it again is harmless, so the answer need not be known. Pure. */
export function decideBoot(
  wanted: BootOverride,
  { reading, attempt, sinceSeconds }: Facts<Reading>,
  { setAttempts, readBackSeconds }: Pick<BmcSettings, 'setAttempts' | 'readBackSeconds'>,
): Verdict {
  // Set even where it reads right: what somebody set earlier may run out before the machine boots.
  if (attempt === undefined) return { type: 'send' };
  if (reading === undefined) {
    return attempt.taken
      ? { type: 'done', message: 'the BMC took it, and does not tell its boot device' }
      : { type: 'send' };
  }
  const difference = differenceOf(wanted, reading);
  if (difference === undefined) return { type: 'done', message: `the boot device reads ${describeOverride(reading)}` };
  // One that keeps the device and forgets the flags can be right no more than that.
  if (attempt.taken && !reading.active && reading.device === wanted.device) {
    return { type: 'done', message: `the BMC took it, and of it tells no more than ${wanted.device}` };
  }
  if (sinceSeconds < readBackSeconds) return { type: 'wait' };
  // Requests that were lost say nothing about what the BMC makes of one that arrives.
  if (attempt.count < setAttempts || !attempt.taken) return { type: 'send' };
  return { type: 'fail', message: difference };
}

/** Only what the BMC tells is compared. One that knows nothing but UEFI uses that, asked for or not. */
function differenceOf(wanted: BootOverride, reading: BootOverrideState): string | undefined {
  const differs =
    !reading.active ||
    (reading.device !== undefined && reading.device !== wanted.device) ||
    (reading.persistent !== undefined && reading.persistent !== wanted.persistent) ||
    (wanted.efiBoot && reading.efiBoot === false);
  return differs ? `its boot device reads ${describeOverride(reading)}` : undefined;
}

async function readOverride(session: BmcSession, call: CallOptions): Promise<Reading> {
  try {
    return await session.bootOverride(call);
  } catch (error) {
    if (error instanceof BmcError && error.kind === 'unsupported') return undefined;
    throw error;
  }
}

function describeOverride(override: Partial<BootOverrideState> | undefined): string {
  if (override === undefined) return 'unknown';
  if (override.active === false) return override.device === undefined ? 'none' : `${override.device}, not in force`;
  const { device = 'unknown', persistent, efiBoot } = override;
  const mode = efiBoot === undefined ? '' : efiBoot ? ' by UEFI' : ' by BIOS';
  const span = persistent === undefined ? '' : persistent ? ' for good' : ' once';
  return `${device}${mode}${span}`;
}
