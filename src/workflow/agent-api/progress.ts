import type { ActionProgress } from '../../api/agent-protocol/workflow.generated.ts';

/** What an agent says of an action that runs; absent fields are not known. */
export type Progress = Partial<Record<'bytes' | 'totalBytes' | 'bytesPerSecond' | 'etaSeconds', number>>;

/** Reads what an agent says; numbers that make no sense count as absent. */
export function readProgress(progress: ActionProgress): Progress {
  const { bytes, totalBytes, bytesPerSecond, etaSeconds } = progress;
  const entries = Object.entries({ bytes, totalBytes, bytesPerSecond, etaSeconds });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value >= 0));
}
