import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
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
});
