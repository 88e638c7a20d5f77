import type { Action } from '../../api/bmc/v1alpha1/action.ts';
import type { Hardware } from '../../api/tinkerbell/v1alpha1/hardware.ts';
import type { BootJob } from './boot-job.ts';
import type { Facts } from './facts.ts';

/** The Job that a boot mode wants, `undefined` for none, or why it cannot be had. */
export type WantedJob = { job: BootJob | undefined } | { error: string };

/** Longest name of an object (RFC 1123 subdomain). */
const maxNameLength = 253;

/** The Job that boots the machine into the installer. */
export function preparingJob(facts: Facts): WantedJob {
  const { bootMode, isoURL } = facts.workflow.spec?.bootOptions ?? {};
  switch (bootMode) {
    case undefined:
      return { job: undefined };
    case 'netboot':
      return bootJob(facts, 'netboot', (hardware) => [
        { powerAction: 'off' },
        { oneTimeBootDeviceAction: { device: ['pxe'], efiBoot: isUefi(hardware) } },
        { powerAction: 'on' },
      ]);
    case 'iso':
    case 'isoboot':
      if (!isoURL) return { error: `bootMode ${bootMode} needs bootOptions.isoURL` };
      return bootJob(facts, 'iso-mount', (hardware) => [
        { powerAction: 'off' },
        eject,
        { virtualMediaAction: { kind: 'CD', mediaURL: isoURL } },
        { oneTimeBootDeviceAction: { device: ['cdrom'], efiBoot: isUefi(hardware) } },
        { powerAction: 'on' },
      ]);
    case 'customboot':
      return customJob(
        facts,
        'customboot-preparing',
        facts.workflow.spec?.bootOptions?.custombootConfig?.preparingActions,
      );
    default:
      return { error: `bootMode ${String(bootMode)} is not one of netboot, isoboot, iso, customboot` };
  }
}

/** The Job that cleans up after success. */
export function postJob(facts: Facts): WantedJob {
  const { bootMode, custombootConfig } = facts.workflow.spec?.bootOptions ?? {};
  if (bootMode === 'customboot') return customJob(facts, 'customboot-post', custombootConfig?.postActions);
  return ejectJob(facts);
}

/** The Job that takes the installer's ISO out of the drive, also when the Workflow failed. */
export function ejectJob(facts: Facts): WantedJob {
  const { bootMode } = facts.workflow.spec?.bootOptions ?? {};
  if (bootMode !== 'iso' && bootMode !== 'isoboot') return { job: undefined };
  return bootJob(facts, 'iso-eject', () => [eject]);
}

const eject: Action = { virtualMediaAction: { kind: 'CD', mediaURL: '' } };

function customJob(facts: Facts, prefix: string, actions: readonly Action[] = []): WantedJob {
  if (actions.length === 0) return { job: undefined };
  const errors: string[] = [];
  const wanted = bootJob(facts, prefix, (hardware) =>
    actions.map((action) => {
      const media = action.virtualMediaAction;
      if (!media?.mediaURL) return action;
      const url = facts.renderBootText(media.mediaURL, hardware);
      if ('error' in url) errors.push(`mediaURL: ${url.error}`);
      return { virtualMediaAction: { ...media, mediaURL: 'text' in url ? url.text : '' } };
    }),
  );
  return errors.length > 0 ? { error: errors.join('; ') } : wanted;
}

function bootJob(facts: Facts, prefix: string, actions: (hardware: Hardware) => Action[]): WantedJob {
  const { hardware, workflow } = facts;
  const { hardwareRef, bootOptions } = workflow.spec ?? {};
  if (!hardwareRef) return { error: `bootMode ${bootOptions?.bootMode} needs spec.hardwareRef` };
  if (hardware === undefined) return { error: `hardware "${hardwareRef}" not found` };
  const machine = hardware.spec?.bmcRef?.name;
  if (!machine) return { error: `hardware "${hardwareRef}" does not have a BMC` };
  const name = `${prefix}-${workflow.metadata.name}`;
  if (name.length > maxNameLength) {
    return { error: `bmc Job ${prefix}-<name of the Workflow> would have more than ${maxNameLength} characters` };
  }
  return { job: { name, machine, actions: actions(hardware) } };
}

function isUefi({ spec }: Hardware): boolean {
  return (spec?.interfaces ?? []).some(({ dhcp }) => dhcp?.uefi === true);
}
