const factors: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/** The number a Kubernetes quantity stands for (`1.5Gi`, `500m`, `2e3`), `undefined` when it is none. */
export function parseQuantity(quantity: string | number): number | undefined {
  const [, digits, exponent, suffix = ''] = pattern.exec(String(quantity)) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(`${digits}${exponent ?? ''}`) * (factors[suffix] ?? 1);
  return Number.isFinite(value) ? value : undefined;
}
