import { chmod, rm } from 'node:fs/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { messageOf } from '../../api/errors/capt-error.ts';
import type { ControlledMachine } from './controlled-rack.ts';
import { type BootOrder, bootBody, type MachineView, powerBody, screenshotBody } from './protocol.ts';

type ToMachine = FastifyRequest<{ Params: { name: string } }>;

/** Shows a rack to who owns it and takes orders, on a Unix socket that nobody else may open. */
export class ControlServer implements AsyncDisposable {
  readonly #app: FastifyInstance;

  private constructor(app: FastifyInstance) {
    this.#app = app;
  }

  /** Listens on `socket`; one that a killed process left there is taken over, so make sure that none lives. */
  static async start(machines: readonly ControlledMachine[], socket: string): Promise<ControlServer> {
    const app = fastify({ forceCloseConnections: true });
    app.get('/machines', async () => await Promise.all(machines.map((machine) => machine.view())));
    app.get('/machines/:name/chassis', async (request: ToMachine, reply) => {
      const machine = machines.find(({ name }) => name === request.params.name);
      if (machine === undefined) return await refuse(reply, 404, 'no such machine');
      return await reply.type('text/plain').send(chassisText(await machine.view()));
    });
    const route = <T>(what: string, schema: z.ZodType<T>, work: (machine: ControlledMachine, body: T) => unknown) =>
      app.post(`/machines/:name/${what}`, async (request: ToMachine, reply) => {
        const machine = machines.find(({ name }) => name === request.params.name);
        if (machine === undefined) return await refuse(reply, 404, 'no such machine');
        const wanted = schema.safeParse(request.body);
        if (!wanted.success) return await refuse(reply, 400, `no such ${what} order`);
        try {
          await work(machine, wanted.data);
        } catch (error) {
          return await refuse(reply, 409, messageOf(error));
        }
        return await reply.send(await machine.view());
      });
    route('power', powerBody, (machine, { order }) => machine.power(order));
    route('boot', bootBody, (machine, { order }) => machine.boot(order));
    route('screenshot', screenshotBody, (machine, { file }) => machine.screenshot(file));
    await rm(socket, { force: true });
    await app.listen({ path: socket });
    await chmod(socket, 0o600);
    return new ControlServer(app);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app.close();
  }
}

/** As the `chassis_control` program of ipmi_sim has to say it. */
function chassisText({ power, boot }: MachineView): string {
  const names: Partial<Record<BootOrder['device'], string>> = { pxe: 'pxe', disk: 'default' };
  return `power:${power === 'on' ? 1 : 0}\nboot:${(boot && names[boot.device]) ?? 'none'}\n`;
}

async function refuse(reply: FastifyReply, status: number, message: string): Promise<FastifyReply> {
  return await reply.code(status).send({ message });
}
