import { type Clock, systemClock } from '../../api/time/clock.ts';
import { keyOf } from '../../kube/client/path.ts';
import { runtimeWarning } from '../../kube/telemetry/channels.ts';
import type { HardwareIndex } from '../hardware/hardware-index.ts';
import { publishSyslogLine } from '../telemetry.ts';
import { parseSyslog } from './message.ts';

export interface SyslogServiceOptions {
  hardware: Pick<HardwareIndex, 'byIp'>;
  /** One address may send so many lines a second; the rest is counted and dropped. Default 1000. */
  maxLinesPerSecond?: number;
  clock?: Clock;
}

/** Addresses are anybody's choice: of more than these in one second none gets its own count. */
const maxAddresses = 10_000;

/** Files lines of syslog under the machines that they come from. Knows nothing of sockets. */
export class SyslogService {
  readonly #hardware: SyslogServiceOptions['hardware'];
  readonly #maxLines: number;
  readonly #clock: Clock;
  #second = 0;
  #counts = new Map<string, number>();
  #dropped = 0;

  constructor({ hardware, maxLinesPerSecond = 1000, clock = systemClock }: SyslogServiceOptions) {
    this.#hardware = hardware;
    this.#maxLines = maxLinesPerSecond;
    this.#clock = clock;
  }

  received(datagram: Buffer, address: string): void {
    if (!this.#mayPass(address)) return;
    const message = parseSyslog(datagram);
    // Anything may arrive at an open port; it is not worth a line of its own.
    if (message === undefined) return;
    const { text, ...rest } = message;
    const lookup = this.#hardware.byIp(address);
    publishSyslogLine({
      machine: lookup.outcome === 'found' ? keyOf(lookup.hardware.metadata) : undefined,
      address,
      ...rest,
      message: jsonObject(text) ?? text,
    });
  }

  #mayPass(address: string): boolean {
    const second = Math.floor(this.#clock.monotonic() / 1000);
    if (second !== this.#second) this.#nextSecond(second);
    const key = this.#counts.size < maxAddresses || this.#counts.has(address) ? address : '';
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count <= this.#maxLines) return true;
    this.#dropped++;
    return false;
  }

  #nextSecond(second: number): void {
    this.#second = second;
    this.#counts = new Map();
    if (this.#dropped === 0) return;
    const error = new Error(`${this.#dropped} lines came faster than ${this.#maxLines} a second from one address`);
    this.#dropped = 0;
    runtimeWarning.publish({ what: 'dropping syslog', error });
  }
}

/** HookOS and its agents write JSON into syslog. */
function jsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
