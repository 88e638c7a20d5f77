import { list } from '../../schema/collection.ts';
import { object } from '../../schema/object.ts';
import { flag, int64, text } from '../../schema/scalar.ts';

const partition = object('One partition.', {
  label: text('Label of the partition.'),
  number: int64('Number of the partition, from 1.'),
  size: int64('Size in sectors; 0 takes the rest.'),
  start: int64('First sector.'),
  type_guid: text('GPT type, as a GUID or as sgdisk shortens it.'),
});

const disk = object('One disk.', {
  device: text('Device, such as `/dev/sda`.'),
  wipe_table: flag('Write a new partition table.'),
  partitions: list('Partitions to make.', partition),
});

const raid = object('One software RAID.', {
  name: text('Device to make, such as `/dev/md0`.'),
  level: text('RAID level.'),
  devices: list('Members.', text('A device.')),
  spare: int64('How many members stand by.'),
});

const file = object('One file.', {
  path: text('Path within the file system.'),
  contents: text('What the file holds.'),
  mode: int64('Permission bits, as a decimal number.'),
  uid: int64('Number of the owner.'),
  gid: int64('Number of the group.'),
});

const mount = object('How it is made and mounted.', {
  device: text('Device it lies on.'),
  format: text('Type, such as `ext4`.'),
  point: text('Mount point.'),
  files: list('Files to write.', file),
  create: object('How it is made.', {
    force: flag('Overwrite what is there.'),
    options: list('More arguments for mkfs.', text('An argument.')),
  }),
});

/** The layout of the disks that actions of the template may make. */
export const storage = object('Layout of the disks, for actions of a template that make it.', {
  disks: list('Disks to partition.', disk),
  raid: list('Software RAIDs.', raid),
  filesystems: list('File systems.', object('One file system.', { mount })),
});
