import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../process/atomic-file.ts';

const target = z.object({ host: z.string(), port: z.int() });

const plan = z.object({
  /** Port of the management API server on the loopback of where the stack runs. */
  apiPort: z.int(),
  /** Port of an API server for simulated machines to join; none if absent. */
  workloadPort: z.int().exactOptional(),
  httpPort: z.int(),
  webhookPort: z.int(),
  /** Further flags of `capt serve`. */
  serveFlags: z.array(z.string()),
  /** Servers that the starting process hands over, and where their connections go. */
  relays: z.record(z.string(), target),
});

/** What the processes beside a management cluster are told. Nothing in it is secret. */
export type StackPlan = z.infer<typeof plan>;

/** @throws Error when it is not there, or is none */
export function readStackPlan(file: string): StackPlan {
  return plan.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function writeStackPlan(file: string, content: StackPlan): void {
  writeFileAtomically(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
