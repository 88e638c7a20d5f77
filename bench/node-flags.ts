import { readFileSync } from 'node:fs';

const script = readFileSync(new URL('../src/cli/capt.sh', import.meta.url), 'utf8');

/** What `capt` starts Node with: servers in benchmarks are started alike. */
export const nodeFlags: readonly string[] = /^node_flags='(.*)'$/m.exec(script)?.[1]?.split(' ') ?? [];

if (nodeFlags.length === 0) throw new Error('src/cli/capt.sh does not say node_flags');
