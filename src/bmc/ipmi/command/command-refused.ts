import { BmcError, type BmcErrorKind } from '../../bmc-error.ts';

/** The BMC answered with a completion code other than success. */
export class CommandRefused extends BmcError {
  readonly completionCode: number;

  constructor(kind: BmcErrorKind, message: string, completionCode: number) {
    super(kind, message);
    this.completionCode = completionCode;
  }
}
