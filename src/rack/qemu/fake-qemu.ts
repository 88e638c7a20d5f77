import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a program that takes the place of QEMU in tests: it speaks QMP, keeps its command lines in `boots` and the
 * commands that it got in `heard`, both in `directory`, and ends as `system_powerdown` and `inject-nmi` (a restart) say.
 */
export function writeFakeQemu(directory: string): string {
  const file = join(directory, 'fake-qemu');
  const script = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const tell = (message) => process.stdout.write(JSON.stringify(message) + '\\r\\n');
const say = (file, what) => appendFileSync(${JSON.stringify(directory)} + '/' + file, JSON.stringify(what) + '\\n');
say('boots', process.argv.slice(2));
if (process.argv.includes('broken')) process.exit(1);
tell({ QMP: { version: { qemu: { major: 7, minor: 2, micro: 0 } }, capabilities: [] } });
const shutDown = (reason) => {
  tell({ event: 'SHUTDOWN', data: { guest: true, reason } });
  process.stdin.destroy();
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { execute, arguments: given, id } = JSON.parse(line);
  if (execute !== 'qmp_capabilities') say('heard', [execute, given]);
  tell({ return: {}, id });
  if (execute === 'system_powerdown') shutDown('guest-shutdown');
  if (execute === 'inject-nmi') shutDown('guest-reset');
});
`;
  writeFileSync(file, script, { mode: 0o700 });
  return file;
}
