import { execFile } from 'node:child_process';

/** The kernel answers at once; a driver that hangs must not keep the agent from its work. */
const timeoutMs = 5000;

/**
 * Names of the features that a network interface has switched on, as `ethtool` calls them (`tx-checksumming`). Sysfs does not
 * tell them; none where the program is not installed.
 */
export async function enabledFeatures(interfaceName: string, program: string): Promise<string[]> {
  // The kernel takes nearly any name, the program would take this one for an option.
  if (interfaceName.startsWith('-')) return [];
  const text = await new Promise<string>((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: 65_536, killSignal: 'SIGKILL' } as const;
    execFile(program, ['-k', interfaceName], options, (error, stdout) => resolve(error === null ? stdout : ''));
  });
  return parseFeatures(text);
}

/** Reads what `ethtool -k` prints: a title, then `name: on`, `name: off` or `name: on [fixed]`, some of them indented. */
export function parseFeatures(text: string): string[] {
  return [...text.matchAll(/^[ \t]*([a-z0-9-]+): on(?: \[.*\])?$/gm)].map(([, name = '']) => name);
}
