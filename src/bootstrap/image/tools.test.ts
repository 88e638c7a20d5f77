import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { processesNaming } from '../../../test/support/leftovers.ts';
import { skipBecause } from '../../../test/support/reporter.ts';
import { waitUntil } from '../process/wait-until.ts';
import { Tools } from './tools.ts';

describe('programs that make an image', () => {
  const tools = new Tools(process.env);

  it('are asked for by the names of their Debian packages, all at once', async () => {
    await assert.rejects(new Tools({ PATH: '/nowhere' }).check(0), (error: Error) => {
      assert.match(error.message, /mmdebstrap.*zstd.*grub-common/);
      return true;
    });
  });

  it('are for root', async () => {
    await assert.rejects(tools.check(1000), { code: 'IMAGE_NEEDS_ROOT' });
    await assert.rejects(tools.check(undefined), { code: 'IMAGE_NEEDS_ROOT' });
  });

  it('fail with their last words', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `echo line ${index}`).join(';');
    await assert.rejects(tools.run('doing', 'sh', ['-c', `${lines}; echo why >&2; exit 3`]), (error: Error) => {
      assert.match(error.message, /doing failed: sh ended with exit code 3/);
      assert.match(error.message, /line 39/);
      assert.match(error.message, /why/);
      assert.doesNotMatch(error.message, /line 9\n/);
      return true;
    });
  });

  it('end when they are no longer wanted', async () => {
    const controller = new AbortController();
    const running = new Tools(process.env, controller.signal).run('waiting', 'sleep', ['600'], {});
    controller.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
  });

  it('end with all that they have started when we are killed', async function () {
    const { href } = new URL('tools.ts', import.meta.url);
    // Found by its command line, whatever has become of its parents.
    const seconds = `600.${randomInt(1e9)}`;
    const script = `
      import { Tools } from ${JSON.stringify(href)};
      const onLine = (line) => console.log(line);
      const steps = 'mount -t tmpfs tmpfs /mnt && echo mounted; sleep ${seconds} & sleep ${seconds}';
      await new Tools(process.env).runAlone('mounting', 'sh', ['-c', steps], { onLine }).catch((error) => {
        console.log(error.message);
      });`;
    const us = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(us.stdout, 'data');
    if (!/^mounted/.test(said)) skipBecause(this, `no namespaces can be made here: ${said}`);
    assert.ok(processesNaming(`sleep ${seconds}`).length > 0);
    us.kill('SIGKILL');
    assert.ok(await waitUntil(() => processesNaming(seconds).length === 0, { timeoutMs: 5_000 }));
    assert.doesNotMatch(readFileSync('/proc/self/mounts', 'utf8'), / \/mnt tmpfs/);
  });
});
