import type * as z from 'zod';
import { object, required } from '../../schema/object.ts';
import { flag, integer, text } from '../../schema/scalar.ts';
import { providerOptions } from './provider-options.ts';
import { secretReference } from './secret-reference.ts';

/** How a BMC is reached. */
export const connection = object('How the BMC is reached.', {
  host: required(text('Name or address of the BMC.', { minLength: 1 })),
  port: integer('UDP port of IPMI, unless `providerOptions` names a port.', { default: 623 }),
  authSecretRef: secretReference(
    'The Secret whose keys `username` and `password` are the login. Not needed for the RPC way.',
  ),
  insecureTLS: required(flag('Accept any certificate of the BMC.')),
  providerOptions,
});

export type Connection = z.infer<typeof connection>;
