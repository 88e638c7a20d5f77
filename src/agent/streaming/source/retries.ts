export interface RetryOptions {
  /** Attempts in a row that bring nothing new, before giving up. Default 5. */
  readonly attempts?: number;
  /** Go on for so long since the last byte, whatever `attempts` says. Default: `attempts` decides. */
  readonly durationSeconds?: number | undefined;
  /** Wait after the first failure; it doubles. Default 0.5. */
  readonly baseSeconds?: number;
  /** Default 15. */
  readonly maxSeconds?: number;
}

/**
 * How long to wait before the next attempt, or undefined to give up.
 * @param failures attempts in a row that brought nothing new, this one included (1 is the first)
 * @param sinceProgressSeconds since the last new byte, or since the start
 */
export function retryDelaySeconds(
  failures: number,
  sinceProgressSeconds: number,
  options: RetryOptions,
): number | undefined {
  const { attempts = 5, durationSeconds, baseSeconds = 0.5, maxSeconds = 15 } = options;
  if (durationSeconds === undefined ? failures >= attempts : sinceProgressSeconds >= durationSeconds) return undefined;
  return Math.min(maxSeconds, baseSeconds * 2 ** Math.max(0, failures - 1));
}
