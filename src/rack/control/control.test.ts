import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Client } from 'undici';
import { ControlClient } from './control-client.ts';
import { ControlServer } from './control-server.ts';
import type { ControlledMachine } from './controlled-rack.ts';
import type { BootOrder, MachineView } from './protocol.ts';

/** A machine that writes down what it is told. */
class ToldMachine implements ControlledMachine {
  readonly name = 'rack-0';
  readonly told: unknown[] = [];
  order: BootOrder | undefined;

  view(): MachineView {
    return {
      name: this.name,
      mac: '02:00:5e:00:53:01',
      power: 'on',
      bmc: { protocol: 'ipmi', host: '192.0.2.101', port: 623 },
      ...(this.order === undefined ? {} : { boot: this.order }),
      history: [],
    };
  }

  power(order: string): void {
    this.told.push(order);
  }

  boot(order: BootOrder | undefined): void {
    this.order = order;
  }

  async screenshot(file: string): Promise<void> {
    if (file.endsWith('.gif')) throw new Error('only PNG');
    this.told.push(file);
  }
}

describe('the control socket of a rack', () => {
  let folder: string;
  let socket: string;
  let machine: ToldMachine;
  let server: ControlServer;
  let rack: ControlClient;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'capt-control-'));
    socket = join(folder, 'control.sock');
    machine = new ToldMachine();
    server = await ControlServer.start([machine], socket);
    rack = new ControlClient(socket);
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it('is for its owner only, and is taken over from one that was killed', async () => {
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    await using next = await ControlServer.start([], socket);
    assert.ok(next);
    assert.deepEqual(await rack.machines(), []);
  });

  it('shows machines and hands on orders', async () => {
    assert.deepEqual(await rack.machine('rack-0'), machine.view());
    await rack.power('rack-0', 'unplug');
    await rack.screenshot('rack-0', '/tmp/screen.png');
    assert.deepEqual(machine.told, ['unplug', '/tmp/screen.png']);
    const order = { device: 'pxe', persistent: false } as const;
    assert.deepEqual((await rack.boot('rack-0', order)).boot, order);
    assert.equal((await rack.boot('rack-0', undefined)).boot, undefined);
  });

  it('tells the chassis as ipmi_sim wants to have it', async () => {
    const chassis = async () => {
      const client = new Client('http://rack', { connect: { socketPath: socket } });
      const { body } = await client.request({ method: 'GET', path: '/machines/rack-0/chassis' });
      const text = await body.text();
      await client.close();
      return text;
    };
    assert.equal(await chassis(), 'power:1\nboot:none\n');
    machine.order = { device: 'disk', persistent: false };
    assert.equal(await chassis(), 'power:1\nboot:default\n');
  });

  it('says what a machine does not do, and which there is not', async () => {
    const refused = { code: 'RACK_MACHINE_REFUSES', message: /only PNG/ };
    await assert.rejects(rack.screenshot('rack-0', '/tmp/screen.gif'), refused);
    await assert.rejects(rack.power('rack-9', 'on'), { code: 'RACK_MACHINE_UNKNOWN' });
    await assert.rejects(rack.screenshot('rack-0', 'relative.png'), { code: 'RACK_NOT_ANSWERING' });
  });
});
