import { CaptError } from '../../../api/errors/capt-error.ts';
import { cacheSetting } from '../../process/file-failure.ts';

export interface FailedStep {
  /** What was being built, `Kubernetes`. */
  title: string;
  /** What was being done, `compiling`. */
  step: string;
  exitCode: number;
  /** Last lines of its output. */
  tail: readonly string[];
  /** Folder it was writing to. */
  path: string;
}

const diskFull = /no space left on device|disk quota exceeded|ENOSPC|EDQUOT/i;
/** How `go` words a proxy it cannot reach, and a version that none of its sources will give. */
const unreachable =
  /dial tcp|no such host|connection refused|TLS handshake|i\/o timeout|proxyconnect|x509: |network is unreachable|module lookup disabled|: 5\d\d |server misbehaving/i;

/** Turns the output of a failed `go` command into the one error that names its cause. */
export function buildFailure({ title, step, exitCode, tail, path }: FailedStep): CaptError {
  if (tail.some((line) => diskFull.test(line))) {
    return new CaptError('DISK_FULL', { path, doing: step, ...cacheSetting });
  }
  const network = tail.findLast((line) => unreachable.test(line) && /^go: |: Get "|proxy/i.test(line));
  if (network !== undefined) return new CaptError('MODULE_PROXY_UNREACHABLE', { title, cause: network.trim() });
  return new CaptError('GO_BUILD_FAILED', { title, step, exitCode, output: tail.slice(-15).join('\n') });
}
