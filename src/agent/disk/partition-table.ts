import type { ActionContext } from '../actions/action.ts';

/** The partition table of a disk, in sectors of it. */
export interface PartitionTable {
  /** `gpt`, `dos`, or another that sfdisk knows. */
  readonly label: string;
  readonly sectorBytes: number;
  /** By number. */
  readonly partitions: readonly Partition[];
}

export interface Partition {
  readonly number: number;
  readonly start: number;
  readonly size: number;
  /** As sfdisk writes it: a GUID in upper case, or a byte in hexadecimal. */
  readonly type: string;
  /** Empty in an MBR, which has none. */
  readonly name: string;
  readonly active: boolean;
}

/** Undefined when there is none. Throws `ACTION_COMMAND_MISSING` where there is no `sfdisk`. */
export async function readPartitionTable(
  { run }: Pick<ActionContext, 'run'>,
  device: string,
): Promise<PartitionTable | undefined> {
  // Without a table it fails, and what it says is no news.
  const { exitCode, stdout } = await run('sfdisk', ['--json', device], { accept: [0, 1], onLine: () => {} });
  return exitCode === 0 ? parsePartitionTable(stdout) : undefined;
}

/** Of what `sfdisk --json` says (sfdisk(8)). Names of nodes end in the number. */
export function parsePartitionTable(json: string): PartitionTable | undefined {
  const { partitiontable: found } = JSON.parse(json) as SfdiskOutput;
  if (found === undefined) return undefined;
  const partitions = (found.partitions ?? []).map(({ node, start, size, type, name = '', attrs = '', bootable }) => ({
    number: Number(/\d+$/.exec(node)?.[0]),
    start,
    size,
    type,
    name,
    active: bootable === true || attrs.includes('LegacyBIOSBootable'),
  }));
  return {
    label: found.label,
    sectorBytes: found.sectorsize ?? 512,
    partitions: partitions.sort((a, b) => a.number - b.number),
  };
}

interface SfdiskOutput {
  readonly partitiontable?: {
    readonly label: string;
    readonly sectorsize?: number;
    readonly partitions?: readonly {
      readonly node: string;
      readonly start: number;
      readonly size: number;
      readonly type: string;
      readonly name?: string;
      readonly attrs?: string;
      readonly bootable?: boolean;
    }[];
  };
}
