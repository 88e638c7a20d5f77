/** The first binary digits of the fraction of π, in words of 32 bits. Blowfish begins with them. */
export function piWords(count: number): Uint32Array {
  const guard = 64n;
  const bits = BigInt(count) * 32n + guard;
  const one = 1n << bits;
  const pi = 16n * arctangent(one, 5n) - 4n * arctangent(one, 239n);
  const fraction = (pi - 3n * one) >> guard;
  return Uint32Array.from({ length: count }, (_, i) =>
    Number((fraction >> BigInt((count - 1 - i) * 32)) & 0xffffffffn),
  );
}

/** arctan(1/x), with `one` standing for 1. */
function arctangent(one: bigint, x: bigint): bigint {
  const square = x * x;
  let power = one / x;
  let sum = 0n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += n % 4n === 1n ? power / n : -(power / n);
    power /= square;
  }
  return sum;
}
