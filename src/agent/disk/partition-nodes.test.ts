import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { FakeClock } from '../../api/time/fake-clock.ts';
import { rereadPartitions } from './partition-nodes.ts';

describe('rereadPartitions', () => {
  let root: string;
  let logged: string[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'capt-nodes-'));
    mkdirSync(join(root, 'dev'));
    logged = [];
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const node = (name: string): void => writeFileSync(join(root, 'dev', name), '');
  const know = (name: string): void => void mkdirSync(join(root, 'sys/class/block', name), { recursive: true });

  /** `rereads` is what the kernel does when it is asked to. */
  async function reread(rereads: () => void, clock = new FakeClock()): Promise<void> {
    const context = {
      clock,
      signal: new AbortController().signal,
      log: (line: string) => void logged.push(line),
      run: async () => {
        rereads();
        return { exitCode: 0, killedBy: undefined, stdout: '', stderr: '' };
      },
    };
    const folders = { devFolder: join(root, 'dev'), sysFolder: join(root, 'sys') };
    await rereadPartitions(context, { disk: join(root, 'dev/sda'), numbers: [1], ...folders });
  }

  it('issue actions#73: a kernel that does not read the table again fails no good write', async () => {
    await reread(() => {
      throw new Error('Device or resource busy');
    });
    assert.match(logged.join('\n'), /did not read the partition table of .*sda again: Device or resource busy/);
  });

  it('issue actions#73: a partition that the kernel does not take is told, and not waited for', async () => {
    await reread(() => {});
    assert.match(logged.join('\n'), /does not take .*sda1 for a partition/);
  });

  it('waits for the node of a partition that the kernel knows', async () => {
    let isThere = false;
    await reread(() => {
      know('sda1');
      setImmediate(() => {
        isThere = true;
        node('sda1');
      });
    });
    assert.ok(isThere);
    assert.deepEqual(logged, []);
  });

  it('waits no longer than its time for a node that never comes, and says which', async () => {
    const clock = new FakeClock();
    await reread(() => {
      know('sda1');
      setImmediate(() => clock.advance(10_000));
    }, clock);
    assert.match(logged.join('\n'), /no device node appeared for .*sda1/);
  });
});
