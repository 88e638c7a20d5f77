import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { Machine } from '../../src/api/bmc/v1alpha1/machine.ts';
import { Secret } from '../../src/api/core/secret.ts';
import type { KubeObject } from '../../src/api/meta/object.ts';
import { Hardware } from '../../src/api/tinkerbell/v1alpha1/hardware.ts';
import { installCrds } from '../../src/bootstrap/install/crds.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { Random } from '../faults/random.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { captFile } from '../support/local-cli.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const header = 'hostname,ip_address,netmask,gateway,nameservers,mac,disk,labels,bmc_ip,bmc_username,bmc_password';
const password = 's3cret-Pa55';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `capt hardware …`, and kills it when `signal` says so. */
function capt(parameters: readonly string[], namespace: string, signal?: AbortSignal): Promise<Ended> {
  const where = ['-n', namespace, '--kubeconfig', testControlPlane().kubeconfigFile];
  const options = { cwd: '/', killSignal: 'SIGKILL' as const, ...(signal === undefined ? {} : { signal }) };
  return new Promise((resolve) => {
    const child = execFile(captFile, ['hardware', ...parameters, ...where], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('capt hardware on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let folder: string;
  let file: string;
  let net: string;

  before(async () => {
    const shared = await TestNamespace.create('hardware-crds');
    await installCrds(shared.client, [Hardware, Machine]);
    await shared[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    own = await TestNamespace.create('hardware');
    ({ client, name: namespace } = own);
    folder = await mkdtemp(join(tmpdir(), 'capt-hardware-'));
    file = join(folder, 'hardware.csv');
    // Addresses must be unique in the whole cluster, and other tests have machines too.
    net = `10.${[1, 2].map(() => 1 + Math.floor(Math.random() * 250)).join('.')}`;
  });

  afterEach(async () => {
    await own[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const macOf = (number: number) => {
    const hex = [...net.split('.').slice(1), '77', String(number)].map((part) =>
      Number(part).toString(16).padStart(2, '0'),
    );
    return `02:00:${hex.join(':')}`;
  };

  function row(number: number, change: { labels?: string; ip?: number; bmc?: string } = {}): string {
    const { labels = 'type=cp', ip = number, bmc = `${net}.${100 + number},admin,${password}` } = change;
    return [
      `node-${number},${net}.${ip},255.255.255.0,${net}.1,${net}.2,${macOf(number).toUpperCase()},/dev/sda`,
      labels,
      bmc,
    ].join(',');
  }

  async function importRows(...rows: string[]) {
    await writeFile(file, `\ufeff${[header, ...rows].join('\r\n')}\r\n`);
    return run('import', file);
  }

  const run = (...parameters: string[]) => capt(parameters, namespace);

  const hardware = (number: number) => client.get(Hardware, { namespace, name: `node-${number}` });

  it('makes the objects, changes nothing the second time, and changes just what the file changed', async () => {
    const first = await importRows(row(10), row(11));
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(first.stdout.trim().split('\n').sort(), [
      'hardware.tinkerbell.org/node-10 created',
      'hardware.tinkerbell.org/node-11 created',
      'machine.bmc.tinkerbell.org/bmc-node-10 created',
      'machine.bmc.tinkerbell.org/bmc-node-11 created',
      'secret/bmc-node-10-auth created',
      'secret/bmc-node-11-auth created',
    ]);
    const versions = async () =>
      Promise.all(
        [10, 11]
          .flatMap(
            (number) =>
              [
                client.get(Hardware, { namespace, name: `node-${number}` }),
                client.get(Machine, { namespace, name: `bmc-node-${number}` }),
                client.get(Secret, { namespace, name: `bmc-node-${number}-auth` }),
              ] as Promise<KubeObject>[],
          )
          .map(async (object) => (await object).metadata.resourceVersion),
      );
    const before = await versions();
    const again = await importRows(row(10), row(11));
    assert.ok(
      again.stdout
        .trim()
        .split('\n')
        .every((line) => line.endsWith(' unchanged')),
      again.stdout,
    );
    assert.deepEqual(await versions(), before);
    const third = await importRows(row(10), row(11, { labels: 'type=worker' }));
    assert.match(third.stdout, /hardware.tinkerbell.org\/node-11 configured/);
    assert.equal(third.stdout.match(/unchanged/g)?.length, 5);
    assert.deepEqual((await hardware(11)).metadata.labels, { type: 'worker' });
  });

  it('leaves a claimed machine what it is, says so, and names rows that vanished', async () => {
    await importRows(row(10), row(11));
    const claim = {
      metadata: { labels: { 'v1alpha1.tinkerbell.org/ownerName': 'm' }, finalizers: ['example.com/hold'] },
      spec: { userData: '#cloud-config' },
    };
    const claimed = await client.mergePatch(Hardware, { namespace, name: 'node-10' }, claim);
    const interfaces = claimed.spec?.interfaces?.map((one) => ({ ...one, netboot: { allowPXE: false } }));
    const { spec } = await client.mergePatch(Hardware, { namespace, name: 'node-10' }, { spec: { interfaces } });
    const { code, stderr } = await importRows(row(10, { ip: 99, labels: 'rack=b' }));
    assert.equal(code, 0, stderr);
    assert.match(stderr, /node-10 belongs to a machine: spec.interfaces, spec.metadata differ/);
    assert.match(stderr, /node-11 is not in .*hardware.csv any more and stays as it is/);
    const after = await hardware(10);
    assert.deepEqual(after.spec, spec);
    assert.deepEqual(after.metadata.labels, { rack: 'b', 'v1alpha1.tinkerbell.org/ownerName': 'm' });
    assert.ok(await hardware(11));
    await client.mergePatch(Hardware, { namespace, name: 'node-10' }, { metadata: { finalizers: null } });
  });

  it('writes nothing while anything is wrong, and never shows a password', async () => {
    const { code, stdout, stderr } = await importRows(row(10), row(10, { labels: 'x' }), `${row(12)},more`);
    assert.deepEqual([code, stdout], [1, '']);
    for (const part of [
      'has 6 problems, nothing was written',
      'line 3, labels: must be labels as key=value joined by |, but is "x"',
      'line 3, hostname: must differ from line 2, hostname',
      'line 3, mac: must differ from line 2, mac',
      'line 3, ip_address: must differ from line 2, ip_address',
      'line 3, bmc_ip: must differ from line 2, bmc_ip',
      'line 4: must have 11 values',
      'INVENTORY_INVALID',
    ]) {
      assert.ok(stderr.includes(part), `${part} is missing in\n${stderr}`);
    }
    assert.ok(!stderr.includes(password));
    assert.deepEqual((await client.list(Hardware, { namespace })).items, []);
  });

  it('refuses the address of a machine in another namespace', async () => {
    await using other = await TestNamespace.create('hardware-other');
    await importRows(row(10));
    const { code, stderr } = await capt(['import', file], other.name);
    assert.equal(code, 1);
    assert.ok(stderr.includes(`line 2, mac: must differ from that of Hardware ${namespace}/node-10`), stderr);
  });

  it('prints what kubectl can apply, passwords only when asked to', async () => {
    await writeFile(file, `${header}\n${row(10)}\n`);
    const masked = await run('import', file, '--dry-run');
    assert.equal(masked.code, 0, masked.stderr);
    const encoded = Buffer.from(password).toString('base64');
    for (const text of [password, encoded]) assert.ok(!(masked.stdout + masked.stderr).includes(text));
    assert.match(masked.stdout, /# secret\/bmc-node-10-auth holds the login of a BMC; --show-secrets prints it/);
    assert.deepEqual((await client.list(Hardware, { namespace })).items, []);
    const shown = await run('import', file, '--dry-run', '--show-secrets');
    assert.ok(shown.stdout.includes(encoded));
    const documents = yaml.loadAll(shown.stdout) as (KubeObject | undefined)[];
    const kinds = { Secret, Machine, Hardware } as const;
    for (const document of documents.filter((one) => one !== undefined)) {
      const kind = kinds[document.kind as keyof typeof kinds];
      await client.create(kind as typeof Hardware, document as Hardware);
    }
    const { stdout } = await importRows(row(10));
    assert.equal(stdout.match(/unchanged/g)?.length, 3, stdout);
  });

  it('ends up right however often it is killed, and by two at once', async () => {
    const random = new Random(17);
    const rows = Array.from({ length: 12 }, (_, index) => row(10 + index));
    await writeFile(file, [header, ...rows].join('\n'));
    for (let kill = 0; kill < 3; kill++) {
      const signal = AbortSignal.timeout(300 + Math.floor(random.next() * 600));
      await capt(['import', file], namespace, signal);
    }
    const [a, b] = await Promise.all([run('import', file), run('import', file)]);
    assert.deepEqual([a.code, b.code], [0, 0], a.stderr + b.stderr);
    assert.equal((await client.list(Hardware, { namespace })).items.length, 12);
    const last = await run('import', file);
    assert.equal(last.stdout.match(/unchanged/g)?.length, 36);
  });

  it('lists owner, power and state', async () => {
    await importRows(row(10), row(11, { bmc: ',,' }));
    await client.mergePatch(
      Machine,
      { namespace, name: 'bmc-node-10' },
      { status: { powerState: 'off', conditions: [{ type: 'Contactable', status: 'True' }] } },
      { subresource: 'status' },
    );
    const labels = { 'v1alpha1.tinkerbell.org/ownerName': 'm', 'v1alpha1.tinkerbell.org/ownerNamespace': 'default' };
    await client.mergePatch(Hardware, { namespace, name: 'node-10' }, { metadata: { labels } });
    const { code, stdout } = await run('list');
    assert.equal(code, 0);
    assert.deepEqual(
      stdout.split('\n').map((line) => line.split(/ {3,}/).filter((_, column) => column !== 4)),
      [
        ['NAME', 'OWNER', 'POWER', 'STATE', 'REASON'],
        ['node-10', 'default/m', 'off', 'Claimed', '<none>'],
        ['node-11', '<none>', '<none>', 'Available', 'no BMC: its power cannot be switched'],
        [''],
      ],
    );
    const views = JSON.parse((await run('list', '-o', 'json')).stdout) as { name: string }[];
    assert.deepEqual(
      views.map(({ name }) => name),
      ['node-10', 'node-11'],
    );
  });
});
