import type { VirtualIpmiBmcSettings } from '../options.ts';
import type { Session } from '../session.ts';
import type { SessionTable } from '../session-table.ts';
import type { BootOptions } from './boot-options.ts';

/** What a command has to do with. */
export interface CommandContext {
  readonly settings: VirtualIpmiBmcSettings;
  readonly sessions: SessionTable;
  readonly bootOptions: BootOptions;
  /** The whole FRU inventory. */
  readonly fru: Buffer;
  /** Absent for a command outside of any session. */
  readonly session?: Session | undefined;
}

/** One command as the BMC carries it out. */
export interface Handler {
  readonly netFn: number;
  readonly code: number;
  /** The least privilege level; 0 for commands that need no session (IPMI v2.0 appendix G). */
  readonly privilege: number;
  /** The data of the answer. @throws Refusal; Malformed when the request is too short */
  handle(data: Buffer, context: CommandContext): Buffer;
}

/** Ends a command with a completion code other than success. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly completionCode: number;

  constructor(completionCode: number) {
    super(`completion code ${completionCode}`);
    this.completionCode = completionCode;
  }
}

export const noData: Buffer = Buffer.alloc(0);
