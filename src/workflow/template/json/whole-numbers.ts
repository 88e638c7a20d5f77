/**
 * JSON as the Kubernetes client decodes it: whole numbers are `bigint`, so that large ones keep all their digits, and 1.0
 * stays a float. `undefined` for what is no JSON.
 */
export function parseWholeNumbers(text: string): unknown {
  try {
    return JSON.parse(text, keepIntegers);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function keepIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const whole = /^-?[0-9]+$/.test(context.source) ? BigInt(context.source) : undefined;
  return whole === undefined || whole !== BigInt.asIntN(64, whole) ? value : whole;
}
