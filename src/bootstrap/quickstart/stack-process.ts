import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../process/atomic-file.ts';
import { isAlive, type ProcessIdentity } from '../process/identity.ts';

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });

/** The process that supervises a stack, if it lives. */
export function livingStack(file: string): ProcessIdentity | undefined {
  try {
    const { data } = identity.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return data !== undefined && isAlive(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

export function writeStackProcess(file: string, content: ProcessIdentity): void {
  writeFileAtomically(file, `${JSON.stringify(content)}\n`);
}
