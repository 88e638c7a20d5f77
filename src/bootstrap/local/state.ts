import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../process/atomic-file.ts';
import { directorySetting, fileFailure } from '../process/file-failure.ts';

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });

const processStatus = z.object({
  name: z.string(),
  state: z.enum(['starting', 'ready', 'waiting', 'stopped']),
  identity: identity.exactOptional(),
  restarts: z.int(),
  since: z.string(),
  lastExit: z.string().exactOptional(),
});

const controlPlaneState = z.object({
  /** Version of this file's format. */
  format: z.literal(1),
  /** A phase other than `stopped` of a dead supervisor means it was killed. */
  phase: z.enum(['starting', 'ready', 'stopping', 'stopped', 'failed']),
  /** RFC 3339 time since which it is in `phase`. */
  since: z.string(),
  supervisor: identity,
  listenAddress: z.string(),
  port: z.int(),
  /** `https://host:port` for a client on this machine. */
  server: z.string(),
  /** Ports on loopback that we chose ourselves; kept as long as they stay free. */
  etcdClientPort: z.int(),
  etcdPeerPort: z.int(),
  controllerManagerPort: z.int(),
  /** In the order they were started. */
  processes: z.array(processStatus),
});

/** What is on record about a control plane: enough to find, check and end everything that was started. */
export type ControlPlaneState = z.infer<typeof controlPlaneState>;

/**
 * Reads the record; `undefined` when there is none or when it is not one of ours (then nothing may be concluded from it).
 * Throws `DIRECTORY_NOT_WRITABLE` when it belongs to somebody else.
 */
export function readState(file: string): ControlPlaneState | undefined {
  try {
    return controlPlaneState.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileFailure(error, file, 'reading the state of the control plane', directorySetting);
  }
}

export function writeState(file: string, state: ControlPlaneState): void {
  writeFileAtomically(file, `${JSON.stringify(state, undefined, 2)}\n`);
}
