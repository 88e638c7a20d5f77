import { readdirSync, readFileSync } from 'node:fs';

/** What is left of things that worked in a folder, for people: processes, mounts and loop devices that name it. */
export function leftovers(folder: string): string[] {
  return [
    ...processesNaming(folder).map(({ pid, command }) => `process ${pid}: ${command}`),
    ...mounts(folder),
    ...loops(folder),
  ];
}

/** The processes, besides this one, whose command line has this text. */
export function processesNaming(text: string): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ');
    return command.includes(text) ? [{ pid: Number(name), command }] : [];
  });
}

function mounts(folder: string): string[] {
  return read('/proc/self/mounts')
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => `mount ${line}`);
}

function loops(folder: string): string[] {
  return readdirSync('/sys/block')
    .filter((name) => read(`/sys/block/${name}/loop/backing_file`).includes(folder))
    .map((name) => `loop device ${name}`);
}

/** Empty when it is not there, or not any more. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
