import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { waitUntil } from '../process/wait-until.ts';

describe('a supervisor in the background', function () {
  // Two programs start one after the other, on machines that may be busy.
  this.timeout(90_000);
  let folder: string;
  const file = (name: string) => join(folder, name);
  const appears = async (name: string) =>
    assert.ok(await waitUntil(() => existsSync(file(name)), { timeoutMs: 40_000 }), `${name} did not appear`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'capt-detach-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Starts a supervisor whose start is what is given, and kills -9 whoever started it. */
  async function killStarter(start: string): Promise<void> {
    const { href } = new URL('detach.ts', import.meta.url);
    writeFileSync(
      file('supervisor.ts'),
      `import { writeFileSync } from 'node:fs';
       import { setTimeout } from 'node:timers/promises';
       import { reportOutcome, starterGone } from ${JSON.stringify(href)};
       const signal = starterGone();
       ${start}
       writeFileSync('${file('starting')}', '');
       const [name] = await Promise.race([
         new Promise((resolve) => signal.addEventListener('abort', () => resolve(['gone']))),
         new Promise((resolve) => process.once('SIGTERM', () => resolve(['told']))),
         setTimeout(60_000, ['alone']),
       ]);
       writeFileSync('${folder}/' + name, '');
       process.exit();`,
    );
    const starter = `
      import { startDetached } from ${JSON.stringify(href)};
      const command = [process.execPath, '${file('supervisor.ts')}'];
      console.log(await startDetached({ directory: '${folder}', command, environment: process.env }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', starter], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data) => (said += String(data)));
    await appears('starting');
    if (start !== '') await waitUntil(() => said !== '', { timeoutMs: 40_000 });
    child.kill('SIGKILL');
    if (start !== '') process.kill(Number(said), 'SIGTERM');
  }

  it('sees when whoever started it is killed before it is ready', async () => {
    await killStarter('');
    await appears('gone');
  });

  it('does not mind once it is ready', async () => {
    await killStarter('reportOutcome();');
    await appears('told');
    assert.ok(!existsSync(file('gone')));
  });
});
