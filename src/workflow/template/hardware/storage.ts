import { flag, int64, list, optional, struct, text, texts } from './field.ts';

const partition = struct('tinkerbell.MetadataInstanceStorageDiskPartition', {
  Label: ['label', text],
  Number: ['number', int64],
  Size: ['size', int64],
  Start: ['start', int64],
  TypeGUID: ['type_guid', text],
});

const disk = struct('tinkerbell.MetadataInstanceStorageDisk', {
  Device: ['device', text],
  WipeTable: ['wipe_table', flag],
  Partitions: ['partitions', list(optional(partition))],
});

const raid = struct('tinkerbell.MetadataInstanceStorageRAID', {
  Name: ['name', text],
  Level: ['level', text],
  Devices: ['devices', texts],
  Spare: ['spare', int64],
});

const file = struct('tinkerbell.MetadataInstanceStorageFile', {
  Path: ['path', text],
  Contents: ['contents', text],
  Mode: ['mode', int64],
  UID: ['uid', int64],
  GID: ['gid', int64],
});

const filesystemOptions = struct('tinkerbell.MetadataInstanceStorageMountFilesystemOptions', {
  Force: ['force', flag],
  Options: ['options', texts],
});

const mount = struct('tinkerbell.MetadataInstanceStorageMount', {
  Device: ['device', text],
  Format: ['format', text],
  Files: ['files', list(optional(file))],
  Create: ['create', optional(filesystemOptions)],
  Point: ['point', text],
});

const filesystem = struct('tinkerbell.MetadataInstanceStorageFilesystem', { Mount: ['mount', optional(mount)] });

/** The disk layout of `.Hardware.Metadata.Instance`. */
export const storageType = struct('tinkerbell.MetadataInstanceStorage', {
  Disks: ['disks', list(optional(disk))],
  Raid: ['raid', list(optional(raid))],
  Filesystems: ['filesystems', list(optional(filesystem))],
});
