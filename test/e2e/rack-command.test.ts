import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { readHardwareCsv } from '../../src/inventory/csv/read-hardware-csv.ts';
import type { MachineView } from '../../src/rack/control/protocol.ts';
import { type QemuRackRecord, readRackRecord } from '../../src/rack/control/rack-record.ts';
import { commandOn, networkNames } from '../../src/rack/qemu/network/network.ts';
import { eventually } from '../faults/eventually.ts';
import { missing } from '../integration/bmc-ipmi-tool.ts';
import { leftovers, processesNaming } from '../support/leftovers.ts';
import { capt, captFile } from '../support/local-cli.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';
import { skipBecause } from '../support/reporter.ts';

const run = promisify(execFile);

describe('capt rack up --qemu', function () {
  this.timeout(120_000);
  let dir: string;
  const wanted = ['up', '--qemu', '2', '--memory', '64', '--processors', '1', '--acceleration', 'tcg'];
  const rack = (...args: string[]) => capt(['rack', ...args, '--dir', dir]);
  const machines = async () => JSON.parse((await rack('list', '-o', 'json')).stdout) as MachineView[];

  before(async function () {
    const reason =
      NetworkNamespaces.unavailable() ?? (await missing('qemu-system-x86_64')) ?? (await missing('ipmitool'));
    if (reason !== undefined) skipBecause(this, reason);
  });
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'capt-rack-'));
  });
  afterEach(async () => {
    await rack('down');
    rmSync(dir, { recursive: true });
  });

  function record(): { pid: number; qemu: QemuRackRecord } {
    const { process: identity, qemu } = readRackRecord(dir) ?? {};
    assert.ok(identity && qemu, 'no rack is on record');
    return { pid: identity.pid, qemu };
  }

  async function up(): Promise<ReturnType<typeof record>> {
    const { exitCode, output } = await rack(...wanted);
    assert.equal(exitCode, 0, output);
    return record();
  }

  /** Anything of a rack that can be found outside its folder. */
  async function traces(network: string): Promise<string[]> {
    const { stdout } = await run('ip', ['-o', 'link']);
    return [
      ...leftovers(dir),
      ...processesNaming(network).map(({ command }) => command),
      ...networkNames().filter((name) => name === network),
      ...(stdout.match(/\b(?:rack0|tap0-0)\b/g) ?? []),
    ];
  }

  it('mounts machines whose BMCs are where hardware.csv says, and ends them', async () => {
    const { qemu } = await up();
    const file = join(dir, 'hardware.csv');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const imported = await capt(['hardware', 'import', '--dry-run', file]);
    assert.equal(imported.exitCode, 0, imported.output);
    const [first, second] = readHardwareCsv(readFileSync(file)).rows;
    assert.ok(first?.bmc && second?.bmc);
    assert.notEqual(first.bmc.password, second.bmc.password);

    const { ip, username, password } = second.bmc;
    const ipmitool = (...words: string[]) =>
      run(
        ...commandOn(qemu.network, 'ipmitool', ['-I', 'lanplus', '-H', ip, '-U', username, '-P', password, ...words]),
      );
    await ipmitool('chassis', 'power', 'on');
    await eventually(async () =>
      assert.deepEqual(
        (await machines()).map(({ power }) => power),
        ['off', 'on'],
      ),
    );
    const reset = ['-sk', '-u', `${first.bmc.username}:${first.bmc.password}`, '-H', 'content-type: application/json'];
    const url = `https://${first.bmc.ip}/redfish/v1/Systems/machine/Actions/ComputerSystem.Reset`;
    await run(...commandOn(qemu.network, 'curl', [...reset, '-f', '-d', '{"ResetType":"On"}', url]));
    await eventually(async () =>
      assert.deepEqual(
        (await machines()).map(({ power }) => power),
        ['on', 'on'],
      ),
    );

    const picture = join(dir, 'screen.png');
    assert.equal((await rack('screenshot', first.hostname, picture)).exitCode, 0);
    assert.equal(readFileSync(picture).subarray(1, 4).toString(), 'PNG');
    assert.equal((await rack('power', first.hostname, 'unplug')).exitCode, 0);
    await eventually(async () => assert.equal((await machines())[0]?.power, 'off'));
    assert.match((await rack('screenshot', first.hostname, picture)).output, /RACK_MACHINE_REFUSES/);

    assert.match((await rack('down')).stdout, /ended the rack/);
    assert.deepEqual(await traces(qemu.network), []);
    assert.match((await rack('list')).output, /RACK_NOT_RUNNING/);
  });

  it('has BMCs of another make: ipmi_sim switches the machine and says what it boots from', async function () {
    const reason = await missing('ipmi_sim');
    if (reason !== undefined) skipBecause(this, reason);
    const { exitCode, output } = await rack(...wanted, '--bmc', 'ipmi_sim');
    assert.equal(exitCode, 0, output);
    const { qemu } = record();
    const [{ bmc } = {}] = readHardwareCsv(readFileSync(join(dir, 'hardware.csv'))).rows;
    assert.ok(bmc);
    const login = ['-I', 'lanplus', '-H', bmc.ip, '-U', bmc.username, '-P', bmc.password];
    const ipmitool = async (...words: string[]) =>
      (await run(...commandOn(qemu.network, 'ipmitool', [...login, ...words]))).stdout;
    await ipmitool('chassis', 'bootdev', 'pxe');
    await ipmitool('chassis', 'power', 'on');
    await eventually(async () => assert.deepEqual((await machines())[0]?.history, ['boots from pxe, disk, cdrom']));
    assert.match(await ipmitool('chassis', 'power', 'status'), /is on/);
    // Once is once.
    assert.equal((await machines())[0]?.boot, undefined);
    assert.equal((await rack('power', 'rack-0', 'unplug')).exitCode, 0);
    await eventually(async () => assert.match(await ipmitool('chassis', 'power', 'status'), /is off/));
    await rack('down');
    assert.deepEqual(await traces(qemu.network), []);
  });

  it('leaves nothing when it is ended by Ctrl-C', async () => {
    const child = spawn(captFile, ['rack', ...wanted, '--foreground', '--dir', dir], {
      stdio: 'ignore',
      detached: true,
    });
    await eventually(() => assert.ok(readRackRecord(dir)?.process), 60);
    const { qemu } = record();
    assert.equal((await rack('power', 'rack-0', 'on')).exitCode, 0);
    // The terminal tells every process of the group.
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await ended;
    assert.deepEqual(await traces(qemu.network), []);
  });

  it('leaves nothing when it is killed, and the next one has the same machines', async () => {
    const { pid, qemu } = await up();
    const before = readFileSync(join(dir, 'hardware.csv'), 'utf8');
    assert.equal((await rack('power', 'rack-0', 'on')).exitCode, 0);
    // Something of others that runs on the network.
    spawn(...commandOn(qemu.network, 'sleep', ['1000']), { stdio: 'ignore', detached: true }).unref();
    process.kill(pid, 'SIGKILL');
    await eventually(async () => assert.deepEqual(await traces(qemu.network), []), 30);
    const next = await up();
    assert.notEqual(next.qemu.network, qemu.network);
    assert.equal(readFileSync(join(dir, 'hardware.csv'), 'utf8'), before);
  });

  it('ends what is left of one that was killed together with its janitor', async () => {
    const { pid, qemu } = await up();
    const janitor = processesNaming(qemu.network).find(({ command }) => command.startsWith('sh -c'));
    assert.ok(janitor);
    process.kill(janitor.pid, 'SIGKILL');
    process.kill(pid, 'SIGKILL');
    await eventually(() => assert.deepEqual(leftovers(dir), []), 30);
    assert.ok(networkNames().includes(qemu.network));
    await up();
    assert.ok(!networkNames().includes(qemu.network));
  });
});
