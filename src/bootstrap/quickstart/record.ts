import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../process/atomic-file.ts';

const wish = z.object({
  rack: z.enum(['qemu', 'simulated']),
  /** How many machines stand in the rack. */
  machines: z.int(),
  /** How many of them become workers. */
  workers: z.int(),
  firmware: z.enum(['bios', 'uefi']),
});

/** What decides what a quick start builds; another wish needs another rack. */
export type Wish = z.infer<typeof wish>;

const ports = z.object({
  /** Of the management cluster, on the loopback of this machine. */
  api: z.int(),
  /** Of the new cluster, likewise. */
  cluster: z.int(),
  http: z.int(),
  agent: z.int(),
  webhook: z.int(),
});

export type QuickstartPorts = z.infer<typeof ports>;

const record = z.object({
  /** Version of this file's format. */
  format: z.literal(1),
  wish,
  ports,
  /** RFC 3339 time when machines were there to be claimed: the rack, the whole stack, and hardware that is known to it. */
  stockedAt: z.string().exactOptional(),
  /** RFC 3339 time when all machines ran for the first time. */
  finishedAt: z.string().exactOptional(),
});

/** What is on record about a quick start: enough to go on with it, and to find what it started. */
export type QuickstartRecord = z.infer<typeof record>;

/** `undefined` when there is none, or none of ours: then nothing may be concluded from it. */
export function readQuickstart(file: string): QuickstartRecord | undefined {
  try {
    return record.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export function writeQuickstart(file: string, content: QuickstartRecord): void {
  writeFileAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** What of a quick start lives. */
export interface Living {
  stack: boolean;
  rack: boolean;
}

/**
 * Whether everything lives. Whoever started it may have been killed before the start was done, while what was started
 * lives on: that is not everything, either.
 */
export function isWhole(before: QuickstartRecord | undefined, living: Living): before is QuickstartRecord {
  return before?.stockedAt !== undefined && living.stack && living.rack;
}

/** `goOn`: everything lives and is what is wanted. `startOver`: nothing, or only a part, lives. */
export type Beginning = { kind: 'goOn' } | { kind: 'startOver' } | { kind: 'differs'; differences: string };

/** How to begin, given what an earlier quick start left. A part of it is never mended: it is ended and made again. */
export function decideBeginning(before: QuickstartRecord | undefined, wanted: Wish, living: Living): Beginning {
  if (!isWhole(before, living)) return { kind: 'startOver' };
  const keys = ['rack', 'machines', 'workers', 'firmware'] as const;
  const differing = keys.filter((key) => before.wish[key] !== wanted[key]);
  if (differing.length === 0) return { kind: 'goOn' };
  const differences = differing.map((key) => `${key} ${before.wish[key]} instead of ${wanted[key]}`).join(', ');
  return { kind: 'differs', differences };
}
