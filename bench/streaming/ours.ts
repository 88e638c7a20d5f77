/** One run of image2disk in a process of its own: `node ours.ts URL DISK`. Begins when its input ends. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ActionContext } from '../../src/agent/actions/action.ts';
import { checkedEnvironment } from '../../src/agent/actions/environment.ts';
import { image2disk } from '../../src/agent/actions/image2disk/image2disk.ts';
import { Processes } from '../../src/agent/process/processes.ts';
import { systemClock } from '../../src/api/time/clock.ts';

const [url = '', disk = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const processes = new Processes({
  mark: randomUUID(),
  signal,
  clock: systemClock,
  proc: '/proc',
  env: process.env,
  log,
});
const context: Partial<ActionContext> = {
  env: checkedEnvironment(image2disk, { IMG_URL: url, DEST_DISK: disk }),
  args: [],
  signal,
  clock: systemClock,
  paths: { sys: '/sys', proc: '/proc', dev: '/dev', run: '/run' },
  log,
  progress: () => {},
  run: processes.run.bind(processes),
  start: processes.start.bind(processes),
};
const { user, system } = process.cpuUsage();
process.stdout.write(`ready ${(user + system) / 1e6}\n`);
await once(process.stdin.resume(), 'end');
const { message } = await image2disk.run(context as ActionContext);
log(message ?? '');
