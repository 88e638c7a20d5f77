/**
 * Client system architectures of option 93 (IANA "Processor Architecture Types", RFC 4578 §2.1) and the iPXE program
 * that each of them runs. Those known but without a program are there as well: the first known one decides.
 */
const programs: ReadonlyMap<number, string | undefined> = new Map([
  ...each([0, 1, 2, 3, 4, 5, 20], 'undionly.kpxe'),
  ...each([6, 7, 8, 9, 15, 16], 'ipxe.efi'),
  ...each([10, 11, 18, 19], 'snp-arm64.efi'),
  // PowerPC; EBC over HTTP; U-Boot; RISC-V; s390, MIPS, SunWay, LoongArch.
  ...each([12, 13, 14, 17, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36], undefined),
]);

/** The first architecture of the client that has a name; `undefined` when none has. */
export function knownArchitecture(
  values: readonly number[],
  overrides: ReadonlyMap<number, string> = new Map(),
): number | undefined {
  return values.find((value) => programs.has(value) || overrides.has(value));
}

/** The iPXE program for an architecture; `undefined` when there is none. */
export function programFor(
  architecture: number,
  overrides: ReadonlyMap<number, string> = new Map(),
): string | undefined {
  return overrides.get(architecture) ?? programs.get(architecture);
}

function each(values: number[], program: string | undefined): [number, string | undefined][] {
  return values.map((value) => [value, program]);
}
