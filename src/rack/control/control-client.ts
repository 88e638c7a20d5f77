import { Client } from 'undici';
import type { z } from 'zod';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type MachineView, machineView, machineViews, type PowerOrder } from './protocol.ts';

const timeoutMs = 10_000;

/** Asks the rack that listens on `socket`. */
export class ControlClient {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** @throws CaptError RACK_NOT_ANSWERING */
  machines(): Promise<MachineView[]> {
    return this.#call('GET', '/machines', machineViews);
  }

  /** @throws CaptError RACK_MACHINE_UNKNOWN, RACK_NOT_ANSWERING */
  async power(machine: string, order: PowerOrder): Promise<MachineView> {
    return await this.#call('POST', `/machines/${encodeURIComponent(machine)}/power`, machineView, {
      machine,
      body: JSON.stringify({ order }),
    });
  }

  async #call<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    { body, machine = '' }: { body?: string; machine?: string } = {},
  ): Promise<T> {
    const client = new Client('http://rack', {
      connect: { socketPath: this.#socket },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    try {
      const sent = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
      const answer = await client.request({ method, path, ...sent });
      const content = await answer.body.json();
      if (answer.statusCode === 404) throw new CaptError('RACK_MACHINE_UNKNOWN', { machine });
      return schema.parse(content);
    } catch (error) {
      if (error instanceof CaptError) throw error;
      throw new CaptError('RACK_NOT_ANSWERING', { socket: this.#socket, cause: messageOf(error) }, { cause: error });
    } finally {
      await client.destroy();
    }
  }
}
