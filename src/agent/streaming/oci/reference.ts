import { CaptError } from '../../../api/errors/capt-error.ts';

/** Where an image lies in a registry. */
export interface OciReference {
  /** As it is asked: `registry-1.docker.io` for docker.io. */
  readonly host: string;
  readonly repository: string;
  /** A tag, or a digest (`sha256:…`). */
  readonly tag: string;
}

/**
 * `registry.local:5000/disks/ubuntu:v1.gz`, `ubuntu@sha256:…`, with the defaults of Docker: docker.io, library/, latest
 * (OCI distribution specification 1.1, "Pulling manifests", for what names and tags are made of).
 */
export function parseReference(text: string): OciReference {
  const problem = (cause: string): CaptError => new CaptError('OCI_REFERENCE_INVALID', { reference: text, cause });
  const [name = '', digest] = text
    .trim()
    .replace(/^oci:\/\//, '')
    .split('@');
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw problem('only sha256 digests are understood');
  const parts = name.split('/');
  const first = parts[0] ?? '';
  const hasHost = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const host = hasHost ? first : 'docker.io';
  const path = (hasHost ? parts.slice(1) : parts).join('/');
  const [, repository = '', tag] = /^([^:]*)(?::(.*))?$/.exec(path) ?? [];
  if (!/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(repository)) {
    throw problem('a repository is made of lower-case letters, digits, and . _ - / between them');
  }
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) throw problem('the tag is not valid');
  const isDocker = host === 'docker.io' || host === 'index.docker.io';
  return {
    host: isDocker ? 'registry-1.docker.io' : host,
    repository: isDocker && !repository.includes('/') ? `library/${repository}` : repository,
    tag: digest ?? tag ?? 'latest',
  };
}
