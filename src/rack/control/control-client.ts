import { Client } from 'undici';
import type { z } from 'zod';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { type BootOrder, type MachineView, machineView, machineViews, type PowerOrder, refusal } from './protocol.ts';

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
  async machine(name: string): Promise<MachineView> {
    const found = (await this.machines()).find((machine) => machine.name === name);
    if (found === undefined) throw new CaptError('RACK_MACHINE_UNKNOWN', { machine: name });
    return found;
  }

  /** @throws CaptError RACK_MACHINE_UNKNOWN, RACK_MACHINE_REFUSES, RACK_NOT_ANSWERING */
  power(machine: string, order: PowerOrder): Promise<MachineView> {
    return this.#order(machine, 'power', { order });
  }

  /**
   * Says what to boot from; `undefined` takes that back.
   * @throws CaptError RACK_MACHINE_UNKNOWN, RACK_MACHINE_REFUSES, RACK_NOT_ANSWERING
   */
  boot(machine: string, order: BootOrder | undefined): Promise<MachineView> {
    return this.#order(machine, 'boot', { order });
  }

  /**
   * Writes what the screen of a machine shows. @param file absolute
   * @throws CaptError RACK_MACHINE_UNKNOWN, RACK_MACHINE_REFUSES, RACK_NOT_ANSWERING
   */
  async screenshot(machine: string, file: string): Promise<void> {
    await this.#order(machine, 'screenshot', { file });
  }

  #order(machine: string, what: string, content: unknown): Promise<MachineView> {
    const path = `/machines/${encodeURIComponent(machine)}/${what}`;
    return this.#call('POST', path, machineView, { machine, body: JSON.stringify(content) });
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
      if (answer.statusCode === 409) {
        throw new CaptError('RACK_MACHINE_REFUSES', { machine, cause: refusal.parse(content).message });
      }
      return schema.parse(content);
    } catch (error) {
      if (error instanceof CaptError) throw error;
      throw new CaptError('RACK_NOT_ANSWERING', { socket: this.#socket, cause: messageOf(error) }, { cause: error });
    } finally {
      await client.destroy();
    }
  }
}
