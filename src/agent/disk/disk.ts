/** What is known of a block device without opening it. */
export interface Disk {
  /** `/dev/sda`. */
  readonly path: string;
  /** Other names: links in /dev/disk. */
  readonly links: readonly string[];
  readonly sizeBytes: number;
  readonly serial: string | undefined;
  readonly wwn: string | undefined;
  readonly model: string | undefined;
  readonly rotational: boolean;
  readonly readOnly: boolean;
  /** Nothing that a machine is installed on: loop, ram, zram, CD-ROM, floppy, device mapping. */
  readonly isVirtual: boolean;
  /** The whole disk, undefined for whole disks. */
  readonly partitionOf: string | undefined;
  /** Where it or one of its partitions is mounted, or what holds it (`/boot`, `md0`, `swap`). */
  readonly usedBy: readonly string[];
  /** Zeros can be written without sending them. */
  readonly zeroes: boolean;
}
