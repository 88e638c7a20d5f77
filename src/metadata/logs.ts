import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type Clock, systemClock } from '../kube/clock.ts';
import type { RuntimeLogger } from '../kube/telemetry/logs.ts';
import { Repetition } from '../kube/telemetry/repetition.ts';
import { type MetadataAnswer, metadataAnswerChannel } from './telemetry.ts';

const everySeconds = 60;
/** Behind a proxy a client can have any address it likes: beyond so many all are forgotten, and told again. */
const maxClients = 1000;

/**
 * Tells who asks for metadata and does not get it: a machine behind address translation, say, waits without a word. The same
 * client is told again after a minute only.
 * @returns the way to stop
 */
export function logMetadata(logger: RuntimeLogger, clock: Clock = systemClock): () => void {
  let repetition = new Repetition(clock, everySeconds);
  let told = 0;
  const onAnswer = (message: unknown) => {
    const { client, status } = message as MetadataAnswer;
    const repeated = repetition.tell(client, String(status));
    if (repeated === undefined) return;
    if (++told % maxClients === 0) repetition = new Repetition(clock, everySeconds);
    logger.info({ client, status, ...(repeated > 0 ? { repeated } : {}) }, 'no metadata for who asked');
  };
  subscribe(metadataAnswerChannel, onAnswer);
  return () => {
    unsubscribe(metadataAnswerChannel, onAnswer);
  };
}
