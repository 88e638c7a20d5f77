import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../../bootstrap/process/atomic-file.ts';

const logins = z.record(z.string(), z.object({ username: z.string(), password: z.string() }));

export type Login = z.infer<typeof logins>[string];

/**
 * The logins of the BMCs of machines: those in the file, which only its owner can read, and random ones for machines
 * that have none yet. A file that makes no sense counts as none.
 */
export function loginsOf(file: string, machines: readonly string[]): Map<string, Login> {
  const known = read(file);
  const all = new Map(machines.map((name) => [name, known[name] ?? newLogin()]));
  // Those of machines that are not mounted this time are kept for when they are.
  writeFileAtomically(file, `${JSON.stringify({ ...known, ...Object.fromEntries(all) }, undefined, 2)}\n`);
  return all;
}

function newLogin(): Login {
  // 16 characters: IPMI 1.5 knows no more, and nothing in them has to be quoted anywhere.
  return { username: 'admin', password: randomBytes(8).toString('hex') };
}

function read(file: string): Record<string, Login> {
  try {
    return logins.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
