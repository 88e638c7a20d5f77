import { createHash } from 'node:crypto';
import type { ProcessIdentity } from '../../../bootstrap/process/identity.ts';

/** Who made a network namespace, as its name tells. */
export interface NetworkOwner {
  /** Number of the PID namespace: only there the pid means something. */
  pidNamespace: string;
  pid: number;
  /** Of when it started: a pid alone is used again. */
  birth: string;
}

const pattern = /^capt-rack-(\d+)-(\d+)-([0-9a-f]{12})-[0-9a-f]{6}$/;

/** The owner that a process is. @param pidNamespace as `/proc/self/ns/pid` links to, `pid:[4026531836]` */
export function ownerOf({ pid, startedAt }: ProcessIdentity, pidNamespace: string): NetworkOwner {
  const birth = createHash('sha256').update(startedAt).digest('hex').slice(0, 12);
  return { pidNamespace: /\d+/.exec(pidNamespace)?.[0] ?? '0', pid, birth };
}

/** A name for a network namespace that tells its owner. @param tag six hexadecimal digits */
export function networkName({ pidNamespace, pid, birth }: NetworkOwner, tag: string): string {
  return `capt-rack-${pidNamespace}-${pid}-${birth}-${tag}`;
}

/** The owner that a name tells, `undefined` for names that others gave. */
export function parseNetworkName(name: string): NetworkOwner | undefined {
  const match = pattern.exec(name);
  if (match === null) return undefined;
  return { pidNamespace: match[1] ?? '', pid: Number(match[2]), birth: match[3] ?? '' };
}

/**
 * The names of namespaces whose owner has ended. What belongs to other PID namespaces stays: whether their processes
 * live cannot be seen from here.
 * @param identify the identity of the process that has a pid now
 */
export function abandoned(
  names: readonly string[],
  pidNamespace: string,
  identify: (pid: number) => ProcessIdentity | undefined,
): string[] {
  return names.filter((name) => {
    const owner = parseNetworkName(name);
    if (owner === undefined) return false;
    const now = identify(owner.pid);
    const living = ownerOf(now ?? { pid: owner.pid, startedAt: '' }, pidNamespace);
    if (living.pidNamespace !== owner.pidNamespace) return false;
    return now === undefined || living.birth !== owner.birth;
  });
}
