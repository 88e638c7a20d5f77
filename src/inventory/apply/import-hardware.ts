import { messageOf } from '../../api/errors/capt-error.ts';
import type { KubeObject } from '../../api/meta/object.ts';
import type { Client } from '../../kube/client/client.ts';
import { isReason } from '../../kube/client/errors.ts';
import { patchLatest } from '../../kube/objects/patch-latest.ts';
import { type Change, changeOf } from './plan.ts';
import { describeTarget, type Target } from './target.ts';

/** How it went with one object. */
export interface Outcome {
  /** `hardware.tinkerbell.org/node-1` */
  readonly what: string;
  readonly result: 'created' | 'configured' | 'unchanged' | 'failed';
  /** Fields that the file would change and that stay as they are. */
  readonly held: readonly string[];
  /** Of a failure: why. */
  readonly cause?: string;
}

export interface ImportOptions {
  readonly signal?: AbortSignal;
  /** Machines written at a time. Default 8. */
  readonly concurrency?: number;
  /** Told of each object when it is done. */
  readonly report?: (outcome: Outcome) => void;
}

/**
 * Writes what the machines of a file want, each machine's objects one after the other. What fails does not hold up the
 * other machines; running it again goes on from wherever it was.
 * @param machines the targets of each machine, in the order in which they must be written
 */
export async function importHardware(
  client: Client,
  machines: readonly (readonly Target[])[],
  options: ImportOptions = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[][] = machines.map(() => []);
  const queue = machines.entries();
  const work = async () => {
    for (const [position, targets] of queue) {
      for (const target of targets) {
        options.signal?.throwIfAborted();
        const outcome = await write(client, target, options);
        outcomes[position]?.push(outcome);
        options.report?.(outcome);
        if (outcome.result === 'failed') break;
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? 8 }, work));
  return outcomes.flat();
}

async function write(client: Client, target: Target, { signal }: ImportOptions): Promise<Outcome> {
  const what = describeTarget(target);
  const call = signal === undefined ? {} : { signal };
  try {
    const existing = await client.find(target.resource, target.name, call);
    if (existing !== undefined) return { what, ...(await update(client, target, existing, call)) };
    try {
      await client.create(target.resource, target.create(), call);
      return { what, result: 'created', held: [] };
    } catch (error) {
      // Somebody was faster: another import, or discovery.
      if (!isReason(error, 'AlreadyExists')) throw error;
      const other = await client.get(target.resource, target.name, call);
      return { what, ...(await update(client, target, other, call)) };
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    return { what, result: 'failed', held: [], cause: messageOf(error) };
  }
}

/** Lists are replaced as a whole, and a claim may come at any moment: written on the very state it was computed from. */
async function update(
  client: Client,
  target: Target,
  existing: KubeObject,
  call: { signal?: AbortSignal },
): Promise<Pick<Outcome, 'result' | 'held'>> {
  // What is written to an object that goes away goes with it.
  if (existing.metadata.deletionTimestamp !== undefined) {
    throw new Error('it is being deleted; import the file again when it is gone');
  }
  let change: Change = changeOf(target, existing);
  let written = false;
  const compute = (latest: KubeObject) => {
    change = changeOf(target, latest);
    written = change.action === 'configure';
    return change.action === 'configure' ? change.patch : undefined;
  };
  await patchLatest(client, target.resource, existing, compute, call);
  const held = change.action === 'create' ? [] : change.held;
  return { result: written ? 'configured' : 'unchanged', held };
}
