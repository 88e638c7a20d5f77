import { messageOf } from '../../api/errors/capt-error.ts';

/** What a check found. */
export interface Health {
  healthy: boolean;
  /** What a person should know, healthy or not. */
  message?: string;
}

/** Throwing means unhealthy. */
export type HealthCheck = () => Health | Promise<Health>;

export interface NamedHealth extends Health {
  name: string;
}

/** Runs all `checks` at the same time; one that does not answer within `timeoutSeconds` is unhealthy. */
export async function runChecks(
  checks: Iterable<readonly [string, HealthCheck]>,
  timeoutSeconds: number,
): Promise<NamedHealth[]> {
  return await Promise.all([...checks].map(async ([name, check]) => ({ name, ...(await run(check, timeoutSeconds)) })));
}

async function run(check: HealthCheck, timeoutSeconds: number): Promise<Health> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Health>((resolve) => {
    const message = `no answer within ${timeoutSeconds} s`;
    timer = setTimeout(() => resolve({ healthy: false, message }), timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([(async () => await check())(), late]);
  } catch (error) {
    return { healthy: false, message: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The report of a check list in the style of Kubernetes' own endpoints: one line a check, the verdict last. */
export function describeHealth(endpoint: string, results: readonly NamedHealth[]): string {
  const lines = results.map(({ name, healthy, message }) => {
    const note = message === undefined ? '' : `: ${message.replaceAll('\n', ' ')}`;
    return healthy ? `[+]${name} ok${note}` : `[-]${name} failed${note}`;
  });
  const verdict = results.every(({ healthy }) => healthy) ? 'passed' : 'failed';
  return `${[...lines, `${endpoint} check ${verdict}`].join('\n')}\n`;
}
