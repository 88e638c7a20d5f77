import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BmcTarget } from '../../src/bmc/port.ts';

/** Runs ipmitool against a BMC and returns what it printed. Rejects when it fails. */
export async function ipmitool(target: BmcTarget, cipherSuite: number, ...command: string[]): Promise<string> {
  const { host, port, credentials } = target;
  // -N and -R as short as they get: on the loopback interface nothing is lost.
  const way = ['-I', 'lanplus', '-C', String(cipherSuite), '-H', host, '-p', String(port), '-N', '1', '-R', '2'];
  const { stdout } = await promisify(execFile)('ipmitool', [...way, '-U', credentials.username, '-E', ...command], {
    env: { ...process.env, IPMITOOL_PASSWORD: credentials.password },
    timeout: 20_000,
  });
  return stdout;
}

/** Why a program cannot be used here, `undefined` when it can. */
export async function missing(program: string): Promise<string | undefined> {
  try {
    await promisify(execFile)('sh', ['-c', `command -v ${program}`]);
    return undefined;
  } catch {
    return `there is no ${program} here (run bootstrap/packages.sh as root to get it)`;
  }
}
