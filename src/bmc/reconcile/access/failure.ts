import { CaptError } from '../../../api/errors/capt-error.ts';
import type { ErrorCode } from '../../../api/errors/table.ts';
import type { BmcErrorKind } from '../../bmc-error.ts';

const codes: Readonly<Record<BmcErrorKind, ErrorCode>> = {
  unreachable: 'BMC_UNREACHABLE',
  unauthorized: 'BMC_UNAUTHORIZED',
  unsupported: 'BMC_UNSUPPORTED',
  busy: 'BMC_BUSY',
  rejected: 'BMC_REFUSED',
  protocol: 'BMC_MISUNDERSTOOD',
};

/** No provider could do what was asked of a BMC, or the BMC is being left alone. Free of passwords. */
export class BmcFailure extends CaptError {
  readonly kind: BmcErrorKind;
  /** When it is worth another try, wall clock in milliseconds; `undefined` when never. */
  readonly retryAtMs: number | undefined;

  constructor(kind: BmcErrorKind, bmc: string, cause: string, retryAtMs?: number) {
    super(codes[kind], { bmc, cause });
    this.kind = kind;
    this.retryAtMs = retryAtMs;
  }
}

/** What stood in the way of one provider. */
export interface Problem {
  readonly provider: string;
  readonly kind: BmcErrorKind;
  readonly message: string;
  readonly retryAfterSeconds: number;
}

/** The kind that decides what happens next comes first: sparing the account, then what time may mend. */
const weight: readonly BmcErrorKind[] = ['unauthorized', 'busy', 'unreachable', 'protocol', 'rejected', 'unsupported'];

export function decisiveKind(problems: readonly Problem[]): BmcErrorKind {
  return weight.find((kind) => problems.some((problem) => problem.kind === kind)) ?? 'unsupported';
}

export function problemText(problems: readonly Problem[]): string {
  return problems.map(({ provider, message }) => `${provider}: ${message}`).join('; ');
}
