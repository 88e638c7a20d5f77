import type * as z from 'zod';
import { object, required } from '../../schema/object.ts';
import { int32, text } from '../../schema/scalar.ts';
import { imageLookupFields } from './image-lookup.ts';

const controlPlaneEndpoint = object(
  'Where the Kubernetes API of the cluster is reached. May stand here or on the Cluster; Cluster API core copies it there.',
  {
    host: text('Name or address.', { minLength: 1, maxLength: 512 }),
    port: int32('TCP port; 6443 by custom.', { minimum: 1, maximum: 65535 }),
  },
  {
    minProperties: 1,
    countFix: 'set host and port, or leave controlPlaneEndpoint out',
    writer: 'user or cluster controller',
  },
);

/** `spec` of a TinkerbellCluster; also stands in a TinkerbellClusterTemplate. */
export const tinkerbellClusterSpec = object(
  'The cluster that is wanted.',
  {
    controlPlaneEndpoint,
    ...imageLookupFields({ baseRegistry: 'ghcr.io/tinkerbell/cluster-api-provider-tinkerbell', distro: 'ubuntu' }),
    templateOverride: text('Workflow template for the machines of the cluster, in place of the built-in one.'),
    templateOverrideRef: object('A Template object in place of the built-in workflow template.', {
      name: required(text('Name of the Template.')),
      namespace: text('Namespace of the Template; that of the cluster when absent.'),
    }),
  },
  {
    writer: 'user',
    rules: [
      {
        cel: '!has(self.templateOverride) || !has(self.templateOverrideRef)',
        message: 'templateOverride and templateOverrideRef exclude each other: remove one of them',
        holds: (value) => value['templateOverride'] === undefined || value['templateOverrideRef'] === undefined,
      },
    ],
  },
);

export type TinkerbellClusterSpec = z.infer<typeof tinkerbellClusterSpec>;
