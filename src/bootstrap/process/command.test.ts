import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runCommand } from './command.ts';
import { identifyProcess, isAlive } from './identity.ts';
import { waitUntil } from './wait-until.ts';

const environment = { PATH: '/usr/bin:/bin' };
const sh = (script: string, options: Partial<Parameters<typeof runCommand>[2]> = {}) =>
  runCommand('sh', ['-c', script], { environment, ...options });

describe('running a command', () => {
  it('returns exit code and output, and shows every line as it comes', async () => {
    const seen: string[] = [];
    const result = await sh('echo a; echo b >&2; exit 3', { onLine: (line, stream) => seen.push(`${stream} ${line}`) });
    assert.equal(result.exitCode, 3);
    assert.deepEqual(result.stdout, ['a']);
    assert.deepEqual(result.tail.toSorted(), ['a', 'b']);
    assert.deepEqual(seen.toSorted(), ['stderr b', 'stdout a']);
  });

  it('rejects when there is no such program', async () => {
    await assert.rejects(runCommand('/nonexistent', [], { environment }), /ENOENT/);
  });

  it('interrupts the whole group and returns only when it is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'capt-command-'));
    const [running, cleaned] = [join(folder, 'running'), join(folder, 'cleaned')];
    const controller = new AbortController();
    const script = `(trap 'sleep 0.2; touch ${cleaned}; exit' INT; touch ${running}; while :; do sleep 0.05; done)`;
    const result = sh(script, { signal: controller.signal });
    await waitUntil(() => existsSync(running), { timeoutMs: 5_000 });
    controller.abort(new Error('stop it'));
    await assert.rejects(result, /stop it/);
    assert.ok(existsSync(cleaned));
    rmSync(folder, { recursive: true });
  });

  it('kills what does not heed the interrupt', async () => {
    const controller = new AbortController();
    const result = sh(`trap '' INT; echo on; while :; do sleep 0.05; done`, {
      signal: controller.signal,
      interruptGraceMs: 50,
      onLine: () => controller.abort(new Error('stop it')),
    });
    await assert.rejects(result, /stop it/);
  });

  it('ends with us, even by kill -9, when that is wanted', async () => {
    const { href } = new URL('command.ts', import.meta.url);
    const script = `
      import { runCommand } from ${JSON.stringify(href)};
      const onLine = (pid) => console.log(pid);
      const environment = { PATH: '/usr/bin:/bin' };
      await runCommand('sh', ['-c', 'echo $$; exec sleep 600'], { environment, endsWithUs: true, onLine });`;
    const us = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(us.stdout, 'data');
    const command = identifyProcess(Number(pid));
    assert.ok(command !== undefined && isAlive(command));
    us.kill('SIGKILL');
    assert.ok(await waitUntil(() => !isAlive(command), { timeoutMs: 5_000 }));
  });
});
