import { Transform, type TransformCallback } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';

const expiredEvent = `${JSON.stringify({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 410, reason: 'Expired', message: 'injected' },
})}\n`;

/** Passes a response body on and does to it what the fault says; `broken` is called when the connection must break. */
export class FaultStream extends Transform {
  readonly #fault: Fault;
  readonly #broken: () => void;
  #passedBytes = 0;
  #over = false;

  constructor(fault: Fault, broken: () => void) {
    super();
    this.#fault = fault;
    this.#broken = broken;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#over) {
      done();
      return;
    }
    const fault = this.#fault;
    if (fault.kind === 'slow') {
      delay((chunk.length / fault.bytesPerSecond) * 1000).then(() => done(null, chunk), done);
      return;
    }
    const room = 'afterBytes' in fault ? fault.afterBytes - this.#passedBytes : Number.POSITIVE_INFINITY;
    this.#passedBytes += chunk.length;
    if (chunk.length <= room) done(null, chunk);
    else this.#strike(fault, chunk, Math.max(0, room), done);
  }

  #strike(fault: Fault, chunk: Buffer, at: number, done: TransformCallback): void {
    this.#over = true;
    this.push(chunk.subarray(0, at));
    switch (fault.kind) {
      case 'reset':
        this.#broken();
        break;
      case 'truncate':
        this.push(null);
        break;
      case 'garble':
        // The rest of the line loses its sense, the lines after it are whole: a parser that resynchronises would lose one.
        this.#over = false;
        this.#passedBytes = Number.NEGATIVE_INFINITY;
        this.push(garbled(chunk.subarray(at)));
        break;
      case 'expired-event':
        this.push(`\n${expiredEvent}`);
        this.push(null);
        break;
      default:
        // Half-open: nothing arrives, nothing ends.
        break;
    }
    done();
  }
}

function garbled(rest: Buffer): Buffer {
  const copy = Buffer.from(rest);
  const end = copy.indexOf(0x0a);
  copy.fill('#', 0, end < 0 ? copy.length : end);
  return copy;
}
