import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../process/atomic-file.ts';
import { type Credential, createAuthority, createCertificate, createSigningKey, publicKeyOf } from './certificate.ts';
import {
  type AuthorityName,
  authorities,
  type CertificateName,
  certificateNames,
  type PlannedCertificate,
  planCertificates,
} from './plan.ts';
import { renewalReason } from './renewal.ts';

const dayMs = 86_400_000;
const authorityDays = 3650;
const certificateDays = 365;
const renewBeforeDays = 30;

export interface PkiOptions {
  /** Folder of all files, made with mode 0700; every file gets 0600. */
  directory: string;
  /** Addresses of the API server besides loopback. */
  apiAddresses: readonly string[];
  now: Date;
}

/** All key material in memory; the files are `<name>.crt` and `<name>.key`, plus `service-accounts.key` and `.pub`. */
export interface Pki {
  readonly authorities: Record<AuthorityName, Credential>;
  readonly certificates: Record<CertificateName, Credential>;
  /** Files written because they were missing or had to be renewed, each with the reason. */
  readonly renewed: readonly string[];
}

/** Makes what is missing, renews what expires within 30 days or no longer fits, keeps everything else. */
export async function ensurePki({ directory, apiAddresses, now }: PkiOptions): Promise<Pki> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const renewed: string[] = [];
  const store = new CredentialStore(directory, now, renewed);
  const authorityOf = async (name: AuthorityName) => [name, await store.ensureAuthority(name)] as const;
  const signers = Object.fromEntries(
    await Promise.all((Object.keys(authorities) as AuthorityName[]).map(authorityOf)),
  ) as Record<AuthorityName, Credential>;
  const plan = planCertificates(apiAddresses);
  const certificateOf = async (name: CertificateName) =>
    [name, await store.ensureCertificate(name, plan[name], signers[plan[name].authority])] as const;
  const certificates = Object.fromEntries(await Promise.all(certificateNames.map(certificateOf))) as Record<
    CertificateName,
    Credential
  >;
  await ensureSigningKey(directory, renewed);
  return { authorities: signers, certificates, renewed };
}

class CredentialStore {
  readonly #directory: string;
  readonly #now: Date;
  readonly #renewed: string[];

  constructor(directory: string, now: Date, renewed: string[]) {
    this.#directory = directory;
    this.#now = now;
    this.#renewed = renewed;
  }

  ensureAuthority(name: AuthorityName): Promise<Credential> {
    const commonName = authorities[name];
    const demand = { commonName, subjectAltNames: [], now: this.#now, renewBeforeDays: certificateDays };
    return this.#ensure(name, demand, () => createAuthority({ commonName, ...this.#validity(authorityDays) }));
  }

  ensureCertificate(name: string, planned: PlannedCertificate, authority: Credential): Promise<Credential> {
    const demand = { ...planned, authority: authority.certificate, now: this.#now, renewBeforeDays };
    return this.#ensure(name, demand, () =>
      createCertificate({ ...planned, ...this.#validity(certificateDays) }, authority),
    );
  }

  async #ensure(
    name: string,
    demand: Parameters<typeof renewalReason>[1],
    create: () => Promise<Credential>,
  ): Promise<Credential> {
    const existing = this.#read(name);
    const reason = existing === undefined ? 'it was missing' : renewalReason(existing, demand);
    if (existing !== undefined && reason === undefined) return existing;
    const created = await create();
    writeFileAtomically(join(this.#directory, `${name}.key`), created.key);
    writeFileAtomically(join(this.#directory, `${name}.crt`), created.certificate);
    this.#renewed.push(`${name}: ${reason}`);
    return created;
  }

  #read(name: string): Credential | undefined {
    const certificate = readIfThere(join(this.#directory, `${name}.crt`));
    const key = readIfThere(join(this.#directory, `${name}.key`));
    return certificate === undefined || key === undefined ? undefined : { certificate, key };
  }

  #validity(days: number): { notBefore: Date; notAfter: Date } {
    // An hour into the past: the clocks of clients differ.
    return {
      notBefore: new Date(this.#now.getTime() - 3_600_000),
      notAfter: new Date(this.#now.getTime() + days * dayMs),
    };
  }
}

/** The key outlives everything else here: with another one all service account tokens would be void. */
async function ensureSigningKey(directory: string, renewed: string[]): Promise<void> {
  const file = join(directory, 'service-accounts.key');
  let key = readIfThere(file);
  if (key === undefined) {
    key = await createSigningKey();
    writeFileAtomically(file, key);
    renewed.push('service-accounts: it was missing');
  }
  writeFileAtomically(join(directory, 'service-accounts.pub'), publicKeyOf(key));
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
