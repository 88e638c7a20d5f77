import type * as z from 'zod';
import { object } from '../../schema/object.ts';
import { text } from '../../schema/scalar.ts';
import { bootFields } from '../../tinkerbell/v1alpha1/boot-options.ts';
import { hardwareAffinity } from './hardware-affinity.ts';
import { hardwareRequirements } from './hardware-requirements.ts';
import { imageLookupFields } from './image-lookup.ts';
import { releasePolicy } from './release-policy.ts';

/** `spec` of a TinkerbellMachine; also stands in a TinkerbellMachineTemplate. */
export const tinkerbellMachineSpec = object(
  'The machine that is wanted.',
  {
    ...imageLookupFields(),
    templateOverride: text('Workflow template for this machine, in place of that of the cluster.'),
    hardwareAffinity,
    hardwareRequirements,
    releasePolicy,
    bootOptions: object('How the machine gets into the installer; needs Hardware with a BMC.', bootFields),
    hardwareName: text('Name of the Hardware the machine became. Stays once set.', {
      writer: 'machine controller; not for templates',
    }),
    providerID: text('`tinkerbell://<namespace>/<hardware>`, equal to that of the Node. Stays once set.', {
      minLength: 1,
      maxLength: 512,
      writer: 'machine controller; not for templates',
    }),
  },
  { writer: 'user' },
);

export type TinkerbellMachineSpec = z.infer<typeof tinkerbellMachineSpec>;
