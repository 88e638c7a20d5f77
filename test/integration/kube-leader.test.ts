import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Lease } from '../../src/api/coordination/lease.ts';
import { ConfigMap } from '../../src/api/core/config-map.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { eventually } from '../faults/eventually.ts';
import { testControlPlane } from '../support/control-plane.ts';
import { TestNamespace } from '../support/test-namespace.ts';

const program = fileURLToPath(new URL('kube-leader-process.ts', import.meta.url));

/** A controller process that can be paused and killed like any other. */
class Contender {
  readonly identity: string;
  readonly lines: string[] = [];
  readonly #child: ChildProcess;

  constructor(namespace: string, identity: string) {
    this.identity = identity;
    const args = [program, testControlPlane().kubeconfigFile, namespace, identity];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.lines.push(line));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Asks for a write; the answer comes as a line. */
  askToWrite(): void {
    this.#child.stdin?.write('write\n');
  }

  told(line: string | RegExp): Promise<void> {
    return eventually(() => {
      const found = this.lines.some((told) => (typeof line === 'string' ? told === line : line.test(told)));
      assert.ok(found, `${this.identity} did not tell ${line}, but: ${this.lines.join(', ')}`);
    }, 20);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.signal('SIGKILL');
    await ended;
  }
}

describe('leader election on a real API server', () => {
  let own: TestNamespace;
  let client: Client;
  let namespace: string;
  let contenders: Contender[];

  beforeEach(async () => {
    own = await TestNamespace.create('kube-leader');
    ({ client, name: namespace } = own);
    await client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: 'work' } });
    contenders = [];
  });

  afterEach(async () => {
    for (const contender of contenders) await contender.end();
    await own[Symbol.asyncDispose]();
  });

  function contender(identity: string): Contender {
    const added = new Contender(namespace, identity);
    contenders.push(added);
    return added;
  }

  const lease = () => client.get(Lease, { namespace, name: 'capt' });
  const writer = async () => (await client.get(ConfigMap, { namespace, name: 'work' })).data?.['writer'];

  it('hands over at once when the leader stops, and after the lease when it is killed', async () => {
    const a = contender('a');
    await a.told('leading');
    const [b, c] = [contender('b'), contender('c')];
    a.askToWrite();
    await a.told('wrote');
    a.signal('SIGTERM');
    await a.told('ended well');
    await eventually(() => assert.ok([b, c].some(({ lines }) => lines.includes('leading'))), 20);
    const [leader, standby] = b.lines.includes('leading') ? [b, c] : [c, b];
    assert.deepEqual(standby.lines, []);
    assert.equal((await lease()).spec?.leaseTransitions, 1);

    leader.signal('SIGKILL');
    await standby.told('leading');
    const { holderIdentity, leaseTransitions, leaseDurationSeconds, renewTime, acquireTime } =
      (await lease()).spec ?? {};
    assert.deepEqual([holderIdentity, leaseTransitions, leaseDurationSeconds], [standby.identity, 2, 3]);
    for (const time of [renewTime, acquireTime]) assert.match(time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('refuses the first write of a leader that was paused and wakes up late, and ends it', async () => {
    const a = contender('a');
    await a.told('leading');
    a.askToWrite();
    await a.told('wrote');
    const b = contender('b');
    a.signal('SIGSTOP');
    // Lies in its input when it wakes up: it is asked before any timer has told it that it is late.
    a.askToWrite();
    await b.told('leading');
    b.askToWrite();
    await b.told('wrote');
    assert.equal(await writer(), 'b');
    a.signal('SIGCONT');
    await a.told('ended LEADERSHIP_LOST');
    await a.told('refused NOT_LEADING');
    assert.equal(a.lines.filter((line) => line === 'wrote').length, 1);
    assert.equal(await writer(), 'b');
    assert.equal((await lease()).spec?.holderIdentity, 'b');
  });
});
