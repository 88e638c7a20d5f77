import { channel } from 'node:diagnostics_channel';

/** A machine that asked for metadata and did not get it. */
export interface MetadataAnswer {
  /** IP address, or `instance` and the id. */
  readonly client: string;
  readonly status: number;
}

/** Name of the diagnostics channel on which the above is published. */
export const metadataAnswerChannel = 'capt.metadata.answer';

const answers = channel(metadataAnswerChannel);

export function publishAnswer(answer: MetadataAnswer): void {
  if (answers.hasSubscribers) answers.publish(answer);
}
