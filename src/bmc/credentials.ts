import type { Connection } from '../api/bmc/v1alpha1/connection.ts';
import type { Secret } from '../api/core/secret.ts';
import { CaptError } from '../api/errors/capt-error.ts';
import type { ObjectName } from '../api/meta/object.ts';
import { keyOf } from '../kube/client/path.ts';
import type { BmcCredentials } from './port.ts';

/** What names a Secret: a Machine or a Task. */
export interface CredentialsOwner {
  /** For messages: `Machine namespace/name`. */
  description: string;
  namespace: string;
}

export interface CredentialsOptions {
  /** Accept a Secret of another namespace than that of the object which names it. */
  allowCrossNamespaceSecrets: boolean;
}

/** The Secret that `connection` names; without a namespace it is in that of its owner. `undefined` when it names none. */
export function secretNameOf(
  connection: Pick<Connection, 'authSecretRef'> | undefined,
  ownerNamespace: string,
): Required<ObjectName> | undefined {
  const { name, namespace } = connection?.authSecretRef ?? {};
  return name ? { namespace: namespace || ownerNamespace, name } : undefined;
}

/**
 * The login of a BMC from its Secret.
 * @throws CaptError BMC_SECRET_UNNAMED, BMC_SECRET_FOREIGN, BMC_SECRET_MISSING, BMC_SECRET_INCOMPLETE
 */
export function credentialsOf(
  connection: Pick<Connection, 'authSecretRef'>,
  owner: CredentialsOwner,
  find: (name: ObjectName) => Secret | undefined,
  options: CredentialsOptions,
): BmcCredentials {
  const object = owner.description;
  const name = secretNameOf(connection, owner.namespace);
  if (name === undefined) throw new CaptError('BMC_SECRET_UNNAMED', { object });
  const secret = keyOf(name);
  // Refused before it is looked for: whether there is such a Secret is none of the owner's business.
  if (name.namespace !== owner.namespace && !options.allowCrossNamespaceSecrets) {
    throw new CaptError('BMC_SECRET_FOREIGN', { object, secret });
  }
  const found = find(name);
  if (found === undefined) throw new CaptError('BMC_SECRET_MISSING', { object, secret });
  return { username: loginPart(found, secret, 'username'), password: loginPart(found, secret, 'password') };
}

/** What a cache of Secrets has to keep for us; the rest need not lie about in memory. */
export function keepLoginOnly(secret: Secret): Secret {
  const { username, password } = secret.data ?? {};
  const { managedFields: _managedFields, annotations: _annotations, ...metadata } = secret.metadata;
  const data = { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
  return { apiVersion: secret.apiVersion, kind: secret.kind, metadata, data };
}

function loginPart({ data = {} }: Secret, secret: string, key: 'username' | 'password'): string {
  const value = Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  if (value === '') throw new CaptError('BMC_SECRET_INCOMPLETE', { secret, key });
  return value;
}
