import type { ErrorEntry } from './entry.ts';

/** Errors of `src/agent`: the loop on the machine and its actions. Their messages become those of the Workflow's actions. */
export const agentErrors = {
  AGENT_SETTINGS_INVALID: {
    message: 'the agent cannot start: {problems}',
    hint: 'correct the flags, the environment or the kernel arguments; capt agent --help lists them',
    retryable: false,
  },
  AGENT_STATE_UNUSABLE: {
    message: 'the agent cannot keep its state in {path}: {cause}',
    hint: 'make its folder writable, or name another with --state-file: without it an interrupted action might run twice',
    retryable: true,
  },
  ACTION_UNKNOWN: {
    message: 'this agent has no action {name} (image {image}); it has {known}',
    hint: 'use one of these actions; other images cannot be run by this agent yet',
    retryable: false,
  },
  ACTION_ENVIRONMENT_INVALID: {
    message: 'action {name} cannot run: {problems}',
    hint: 'correct the environment of the action in its template; capt action help {name} lists what it takes',
    retryable: false,
  },
  ACTION_INTERRUPTED: {
    message: 'interrupted: {cause}; it is not done again by itself',
    hint: 'look at the machine, then start the Workflow anew',
    retryable: false,
  },
  ACTION_TIMEOUT: {
    message: 'not done within {seconds} s, and stopped',
    hint: 'give the action a longer timeout in its template, or look in the log of the machine at what held it up',
    retryable: true,
  },
  ACTION_COMMAND_FAILED: {
    message: '{command} {how}{output}',
    hint: 'read the log of the machine for all of its output',
    retryable: false,
  },
  ACTION_COMMAND_MISSING: {
    message: 'there is no program {command} on this machine: {cause}',
    hint: 'use an installer that has it, or add its package to the installer',
    retryable: false,
  },
  ACTION_MACHINE_REMAINS: {
    message: 'the machine is still there {seconds} s after its {how}',
    hint: 'it is tried again; look at its console, and reset it',
    retryable: true,
  },
  ACTION_RUN_FAILED: {
    message: 'action {name} ended with {state}: {message}',
    hint: 'read its output above',
    retryable: false,
  },
  ACTION_PROCESSES_LEFT: {
    message: 'processes of the action cannot be killed: {processes}',
    hint: 'they wait for a device that does not answer: look at the log of the kernel, and reset the machine',
    retryable: false,
  },
  ACTION_DEVICE_MISSING: {
    message: 'there is no device {device}, waited {seconds} s for it',
    hint: 'check its name in the template against the disks of the Hardware; partitions need an image with a partition table',
    retryable: false,
  },
  ACTION_DEVICE_BUSY: {
    message: '{device} is in use: {cause}',
    hint: 'unmount it, or stop what uses it (swap, LVM, RAID), then start the action again',
    retryable: false,
  },
  ACTION_MOUNT_FAILED: {
    message: 'cannot mount {device} as {fsType}: {cause}',
    hint: 'check BLOCK_DEVICE or DEST_DISK and FS_TYPE: is it this partition, and does the installer know the file system?',
    retryable: false,
  },
  ACTION_UNMOUNT_FAILED: {
    message: 'cannot unmount {device}: {cause}',
    hint: 'what was written may not be on the disk: look at the log of the kernel, then start the Workflow anew',
    retryable: false,
  },
  ACTION_PATH_INVALID: {
    message: 'cannot use {path} on {device}: {cause}',
    hint: 'correct the path in the template, or the image it is meant for',
    retryable: false,
  },
  ACTION_NO_BOOT_ENTRY: {
    message: 'cannot find what to boot in {path}: {cause}',
    hint: 'set KERNEL_PATH, INITRD_PATH and CMD_LINE, or GRUBCFG_PATH, to what the image has',
    retryable: false,
  },
  ACTION_WIPE_UNVERIFIED: {
    message: '{device} was wiped, but there is data at byte {offset}',
    hint: 'the disk does not do what it is told: take it out of use, or wipe it by other means',
    retryable: false,
  },
  ACTION_DIGEST_WRONG: {
    message: '{device} has {actual} in its first {sizeBytes} bytes from {offsetBytes}, not {expected}',
    hint: 'the disk does not hold what was written, or the expected digest is another image’s: write it again',
    retryable: false,
  },
  ACTION_METADATA_UNUSABLE: {
    message: 'cannot take the storage layout from {source}: {cause}',
    hint: 'check MIRROR_HOST and METADATA_SERVICE_PORT, and metadata.instance.storage of the Hardware',
    retryable: false,
  },
  ACTION_LAYOUT_INVALID: {
    message: 'the storage layout from {source} cannot be made: {problems}',
    hint: 'correct metadata.instance.storage of the Hardware; no disk was touched',
    retryable: false,
  },
  ACTION_LAYOUT_UNVERIFIED: {
    message: '{device} does not read back as it was made: {cause}',
    hint: 'look at the log of the kernel; the disk or its controller may be broken',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
