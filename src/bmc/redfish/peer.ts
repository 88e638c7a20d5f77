import { BmcError, type BmcErrorKind } from '../bmc-error.ts';
import { cleanText } from './clean-text.ts';

/** The BMC at the other end, as error messages name it; takes out of them what nobody may read. */
export class Peer {
  readonly name: string;
  readonly #secrets = new Set<string>();

  constructor(host: string, port: number) {
    this.name = `BMC ${host.includes(':') ? `[${host}]` : host}:${port} (Redfish)`;
  }

  /** From now on `secret` appears in no message, not even where the BMC repeats it. */
  keepSecret(secret: string): void {
    if (secret !== '') this.#secrets.add(secret);
  }

  /** Takes back a secret that is none any more. */
  forgetSecret(secret: string): void {
    this.#secrets.delete(secret);
  }

  error(kind: BmcErrorKind, message: string, options?: { cause?: unknown; retryAfterSeconds?: number }): BmcError {
    return new BmcError(kind, `${this.name}: ${this.redact(cleanText(message))}`, options);
  }

  redact(text: string): string {
    // Longest first: of two secrets one may be part of the other.
    const secrets = [...this.#secrets].sort((a, b) => b.length - a.length);
    return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  }
}
