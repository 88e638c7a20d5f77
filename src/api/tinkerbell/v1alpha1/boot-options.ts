import type * as z from 'zod';
import { action } from '../../bmc/v1alpha1/action.ts';
import { list } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { choice, flag, uri } from '../../schema/scalar.ts';

/** The boot options that Workflow and TinkerbellMachine share. */
export const bootFields = {
  isoURL: uri('URL of the installer ISO for the ISO modes; the BMC fetches it.'),
  bootMode: choice(
    'How the machine gets into the installer: over the network, from an ISO in a virtual drive, or by the actions of `custombootConfig`. `iso` is the old word for `isoboot`. Absent: somebody else boots it.',
    ['netboot', 'isoboot', 'iso', 'customboot'],
  ),
  custombootConfig: object('BMC actions for the mode `customboot`.', {
    preparingActions: list('Actions before the machine runs the installer.', action),
    postActions: list('Actions after the last action of the Workflow succeeded.', action),
  }),
} as const;

/** `spec.bootOptions` of a Workflow. */
export const workflowBootOptions = object('How the machine gets into the installer.', {
  toggleAllowNetboot: flag(
    'Set `allowPXE` of every interface of the Hardware to true before the boot and to false after success.',
  ),
  ...bootFields,
});

export type WorkflowBootOptions = z.infer<typeof workflowBootOptions>;
