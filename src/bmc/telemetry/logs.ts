import type { RuntimeLogger } from '../../kube/telemetry/logs.ts';
import { onCall, onTrouble } from './channels.ts';

/** Calls that only look are of interest to nobody while they succeed. */
const commands = /^(power (on|off|soft|cycle|reset)|set boot device|insert media|eject media|nmi)$/;

/**
 * Turns the dealings with BMCs into log lines: every command, and every BMC that gives no answer.
 * @returns the way to stop
 */
export function logBmc(logger: RuntimeLogger): () => void {
  const stops = [
    onCall((call) => logger[commands.test(call.call) ? 'info' : 'debug'](call, 'BMC called')),
    onTrouble((trouble) => logger.warn(trouble, 'BMC gives no answer')),
  ];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}
