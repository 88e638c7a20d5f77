import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Clock, systemClock } from '../api/time/clock.ts';
import type { RuntimeLogger } from '../kube/telemetry/logs.ts';
import { Repetition } from '../kube/telemetry/repetition.ts';
import { type MetadataAnswer, metadataAnswerChannel } from './telemetry.ts';

const everySeconds = 60;

/**
 * Tells who asks for metadata and does not get it: a machine behind address translation, say, waits without a word. The same
 * client is told again after a minute only.
 * @returns the way to stop
 */
export function logMetadata(logger: RuntimeLogger, clock: Clock = systemClock): () => void {
  const repetition = new Repetition(clock, everySeconds);
  const onAnswer = (message: unknown) => {
    const { client, status } = message as MetadataAnswer;
    const repeated = repetition.tell(client, String(status));
    if (repeated === undefined) return;
    logger.info({ client, status, ...(repeated > 0 ? { repeated } : {}) }, 'no metadata for who asked');
  };
  subscribe(metadataAnswerChannel, onAnswer);
  return () => {
    unsubscribe(metadataAnswerChannel, onAnswer);
  };
}
