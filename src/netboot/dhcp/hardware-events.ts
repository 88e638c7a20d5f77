import { type Clock, systemClock } from '../../api/time/clock.ts';
import type { EventNote, EventRecorder } from '../../kube/events/recorder.ts';
import { News } from './news.ts';
import type { DhcpExchange } from './telemetry.ts';

/** The same about the same machine is told again after so long. */
const repeatSeconds = 600;

/** Puts what the owner of a Hardware has to know as events on it. */
export class HardwareEvents {
  readonly #recorder: EventRecorder;
  readonly #news: News;

  constructor(recorder: EventRecorder, clock: Clock = systemClock) {
    this.#recorder = recorder;
    this.#news = new News(clock, { repeatSeconds });
  }

  tell(exchange: DhcpExchange): void {
    const note = noteOf(exchange);
    if (note === undefined) return;
    for (const hardware of exchange.claimants ?? (exchange.hardware ? [exchange.hardware] : [])) {
      const key = `${hardware.metadata.namespace}/${hardware.metadata.name} ${exchange.mac} ${note.reason}`;
      if (this.#news.tell(key, note.note) !== undefined) this.#recorder.event(hardware, note);
    }
  }
}

function noteOf({ reason, mac, detail = '' }: DhcpExchange): EventNote | undefined {
  const warning = { type: 'Warning', action: 'AnswerDHCP' } as const;
  switch (reason) {
    case 'declined':
      return { ...warning, reason: 'AddressDeclined', note: `${mac} declined its address: ${detail}` };
    case 'ambiguous-machine':
      return { ...warning, reason: 'AmbiguousMAC', note: detail };
    case 'unusable-data':
      return { ...warning, reason: 'DHCPDataUnusable', note: `${mac} gets no address: ${detail}` };
    default:
      return undefined;
  }
}
