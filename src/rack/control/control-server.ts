import { chmod, rm } from 'node:fs/promises';
import fastify, { type FastifyInstance } from 'fastify';
import type { SimulatedMachine } from '../simulated/machine.ts';
import type { SimulatedRack } from '../simulated/rack.ts';
import { type MachineView, order, type PowerOrder } from './protocol.ts';

const historyShown = 20;

/** Shows a rack to who owns it and takes orders, on a Unix socket that nobody else may open. */
export class ControlServer implements AsyncDisposable {
  readonly #app: FastifyInstance;

  private constructor(app: FastifyInstance) {
    this.#app = app;
  }

  /** Listens on `socket`; one that a killed process left there is taken over, so make sure that none lives. */
  static async start(rack: SimulatedRack, socket: string): Promise<ControlServer> {
    const app = fastify({ forceCloseConnections: true });
    app.get('/machines', async () => await Promise.all(rack.machines.map(viewOf)));
    app.post<{ Params: { name: string } }>('/machines/:name/power', async (request, reply) => {
      const machine = rack.machines.find(({ name }) => name === request.params.name);
      if (machine === undefined) return await reply.code(404).send({ message: 'no such machine' });
      const wanted = order.safeParse(request.body);
      if (!wanted.success) return await reply.code(400).send({ message: 'no such order' });
      obey(machine, wanted.data.order);
      return await reply.send(await viewOf(machine));
    });
    await rm(socket, { force: true });
    await app.listen({ path: socket });
    await chmod(socket, 0o600);
    return new ControlServer(app);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app.close();
  }
}

function obey(machine: SimulatedMachine, wanted: PowerOrder): void {
  if (wanted === 'unplug') machine.losePower();
  else machine.chassis.power(wanted);
}

async function viewOf(machine: SimulatedMachine): Promise<MachineView> {
  const { name, mac, bmc, chassis, history } = machine;
  const content = await machine.disk.read();
  return {
    name,
    mac,
    power: chassis.actualPowerState,
    bmc: { protocol: bmc.protocol, port: bmc.port },
    ...(content === undefined ? {} : { image: content.image }),
    ...(content?.instance === undefined ? {} : { node: content.instance.nodeName }),
    history: history.slice(-historyShown),
  };
}
