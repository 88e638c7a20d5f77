import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CaptError, messageOf } from '../../api/errors/capt-error.ts';
import { embeddedScriptSlotBytes, patchEmbeddedScript } from './embedded-script.ts';
import { formatOf, type ProgramFormat, programKindOf } from './program-format.ts';

/** A boot program in memory. */
export interface BootProgram {
  readonly name: string;
  readonly content: Buffer;
  readonly format: ProgramFormat;
  readonly modifiedMs: number;
  /** SHA-256 of the content, base64. */
  readonly sha256: string;
}

export interface BootProgramsOptions {
  /** Default: where Debian's package `ipxe` puts them. */
  folder?: string;
  /** Lines for the place that some programs have for them. */
  embeddedScriptPatch?: string;
}

export const debianFolder = '/usr/lib/ipxe';

/** What DHCP offers, and which machines do not boot without it. */
const offered: Record<string, { machines: string; format: ProgramFormat }> = {
  'undionly.kpxe': { machines: 'BIOS', format: 'BIOS' },
  'ipxe.efi': { machines: 'x86-64 UEFI', format: 'EFI x86-64' },
  'snp-arm64.efi': { machines: 'ARM64 UEFI', format: 'EFI ARM64' },
};

const maxProgramBytes = 64 * 2 ** 20;

/** The programs that are served, checked once when they are read. */
export class BootPrograms {
  readonly folder: string;
  readonly #programs: ReadonlyMap<string, BootProgram>;

  constructor(folder: string, programs: readonly BootProgram[]) {
    this.folder = folder;
    this.#programs = new Map(programs.map((program) => [program.name, program]));
  }

  get names(): string[] {
    return [...this.#programs.keys()];
  }

  get(name: string): BootProgram | undefined {
    return this.#programs.get(name);
  }

  /**
   * True when the programs call themselves `Tinkerbell` over DHCP (option 77), as those built for Tinkerbell do. Others say
   * `iPXE`; to them DHCP must offer the script at once, or they would load themselves for ever.
   */
  get sayTinkerbell(): boolean {
    const option = Buffer.from('\x4d\x0aTinkerbell', 'latin1');
    return [...this.#programs.values()].some(({ content }) => content.includes(option));
  }

  /** What DHCP offers and is not here, as sentences; empty when all is here. */
  get missing(): string[] {
    return Object.entries(offered)
      .filter(([name]) => !this.#programs.has(name))
      .map(
        ([name, { machines }]) => `there is no ${name} in ${this.folder}: ${machines} machines cannot boot from here`,
      );
  }
}

/**
 * Reads the boot programs of a folder into memory.
 * @throws CaptError BOOT_PROGRAMS_MISSING, BOOT_PROGRAMS_INVALID, EMBEDDED_SCRIPT_TOO_LONG
 */
export function readBootPrograms({
  folder = debianFolder,
  embeddedScriptPatch,
}: BootProgramsOptions = {}): BootPrograms {
  const programs: BootProgram[] = [];
  const problems: string[] = [];
  for (const name of listFolder(folder)) {
    const kind = programKindOf(name);
    if (kind === undefined) continue;
    const read = readProgram(folder, name, kind);
    if (typeof read === 'string') problems.push(`${name} ${read}`);
    else programs.push(patched(read, embeddedScriptPatch));
  }
  if (problems.length > 0) throw new CaptError('BOOT_PROGRAMS_INVALID', { folder, problems: problems.join('; ') });
  const found = new BootPrograms(folder, programs);
  if (programs.length === 0) throw new CaptError('BOOT_PROGRAMS_MISSING', { folder, cause: 'it has none' });
  return found;
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new CaptError('BOOT_PROGRAMS_MISSING', { folder, cause: messageOf(cause) }, { cause });
  }
}

/** @returns what is wrong with the file, when something is */
function readProgram(folder: string, name: string, kind: 'EFI' | 'BIOS' | 'image'): BootProgram | string {
  const file = join(folder, name);
  try {
    const { size, mtimeMs: modifiedMs } = statSync(file);
    if (size > maxProgramBytes) return `has ${size} bytes, more than ${maxProgramBytes}`;
    const content = readFileSync(file);
    const format = formatOf(kind, content);
    if (format === undefined) return `is no ${kind === 'image' ? 'image' : `${kind} program`}`;
    const expected = Object.hasOwn(offered, name) ? offered[name]?.format : undefined;
    if (expected !== undefined && format !== expected) return `is for ${format}, it must be for ${expected}`;
    return { name, content, format, modifiedMs, sha256: digestOf(content) };
  } catch (cause) {
    return `cannot be read: ${messageOf(cause)}`;
  }
}

function patched(program: BootProgram, patch: string | undefined): BootProgram {
  if (!patch) return program;
  try {
    const content = patchEmbeddedScript(program.content, patch);
    return content === program.content ? program : { ...program, content, sha256: digestOf(content) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CaptError(
      'EMBEDDED_SCRIPT_TOO_LONG',
      { cause: cause.message, bytes: embeddedScriptSlotBytes },
      { cause },
    );
  }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}
