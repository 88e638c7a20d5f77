/** One thing that is wrong with an object. */
export interface Problem {
  /** Where, as Kubernetes writes it: `spec.interfaces[0].dhcp.mac`. Empty for the object as a whole. */
  readonly path: string;
  /** What must hold there. */
  readonly rule: string;
  /** What is there now, shortened; absent when nothing is. */
  readonly found?: string;
  /** What to do, in the imperative. */
  readonly fix: string;
}

/** A problem in one line: `spec.interfaces[0].dhcp.mac: must match …, but is "AA:…": write six pairs …`. */
export function describeProblem({ path, rule, found, fix }: Problem): string {
  return `${path === '' ? 'the object' : path}: ${rule}${found === undefined ? '' : `, but is ${found}`}: ${fix}`;
}
