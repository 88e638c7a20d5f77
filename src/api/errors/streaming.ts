import type { ErrorEntry } from './entry.ts';

/** Errors of `src/agent/streaming`, `src/agent/disk` and of the actions that write images to disks. */
export const streamingErrors = {
  IMAGE_HTTP_STATUS: {
    message: '{url} answered {status}',
    hint: 'check the address, the credentials and that the server has the image',
    retryable: false,
  },
  IMAGE_DOWNLOAD_FAILED: {
    message: 'the download of {url} failed after {bytes} bytes: {cause}',
    hint: 'check the network and the image server; raise RETRY_DURATION_MINUTES if it is only slow to come back',
    retryable: true,
  },
  IMAGE_CHANGED: {
    message: '{url} changed while it was downloaded: {cause}',
    hint: 'publish images under names that never change, then run the action again',
    retryable: true,
  },
  IMAGE_LENGTH_UNKNOWN: {
    message: '{url} came without a length, so that a cut download could not be noticed',
    hint: 'serve the image with Content-Length, or give IMG_SHA256, IMG_SIZE_BYTES, IMG_RAW_SHA256 or IMG_RAW_SIZE_BYTES',
    retryable: false,
  },
  IMAGE_LENGTH_WRONG: {
    message: 'the {what} data of {url} has {actual} bytes, expected {expected}',
    hint: 'the image on the server is cut or another one: upload it again, or correct the expected size',
    retryable: false,
  },
  IMAGE_DIGEST_WRONG: {
    message: 'the {what} data of {url} has sha256 {actual}, expected {expected}',
    hint: 'the image was damaged or is another one: upload it again, or correct the expected digest',
    retryable: false,
  },
  IMAGE_FORMAT_REFUSED: {
    message: '{url} is {format}, which cannot be streamed to a disk',
    hint: '{advice}',
    retryable: false,
  },
  IMAGE_NOT_COMPRESSED: {
    message: '{url} is not compressed with {expected}: its content is {format}',
    hint: 'correct COMPRESSED or IMG_FORMAT, or the address; without them the content decides',
    retryable: false,
  },
  IMAGE_CORRUPT: {
    message: 'the {format} data of {url} is damaged: {cause}',
    hint: 'the image on the server is damaged or cut: upload it again',
    retryable: false,
  },
  IMAGE_CUT: {
    message: '{url} has {actual} bytes, but its partition table needs {expected}: {cause}',
    hint: 'the image is cut: build or upload it again (IMG_PARTITION_CHECK=false writes it all the same)',
    retryable: false,
  },
  IMAGE_TOO_BIG: {
    message: '{url} has at least {imageBytes} bytes, {disk} only {diskBytes}',
    hint: 'choose a bigger disk or a smaller image',
    retryable: false,
  },
  IMAGE_DECODER_MISSING: {
    message: 'nothing here can decompress {format}: {programs} not found',
    hint: 'install one of these programs in the installer, or compress the image with zstd or gzip',
    retryable: false,
  },
  IMAGE_DECODER_UNKNOWN: {
    message: 'Node {version} decompresses by other inner calls than the Node this program is made for',
    hint: 'run it with the Node that package.json pins: npm ci installs it',
    retryable: false,
  },
  DISK_SELECTOR_INVALID: {
    message: 'DEST_DISK {selector} is not understood: {cause}',
    hint: 'give a path (/dev/sda), or rules such as serial=ABC, wwn=0x5000, size>=100GB, rotational=false, joined by commas',
    retryable: false,
  },
  DISK_NOT_FOUND: {
    message: 'no disk is {selector}; there are: {disks}',
    hint: 'correct DEST_DISK, or add the driver of the disk controller to the installer',
    retryable: false,
  },
  DISK_AMBIGUOUS: {
    message: '{selector} fits several disks: {disks}',
    hint: 'add rules to DEST_DISK until exactly one disk fits, for example its serial',
    retryable: false,
  },
  DISK_REFUSED: {
    message: '{disk} cannot be written: {cause}',
    hint: 'choose another disk, or release this one (unmount it, stop its RAID or volume group) before the action',
    retryable: false,
  },
  DISK_IO_FAILED: {
    message: '{disk} failed to {what} at byte {offset}: {cause}',
    hint: 'the disk or its cable is broken, or the machine was told to take it away: look at the kernel log',
    retryable: false,
  },
  DISK_VERIFY_FAILED: {
    message: '{disk} does not read back what was written, first seen between bytes {from} and {to}',
    hint: 'the disk or its controller is broken: replace it',
    retryable: false,
  },
  OCI_REFERENCE_INVALID: {
    message: '{reference} is not an image reference: {cause}',
    hint: 'write registry/repository:tag or registry/repository@sha256:digest',
    retryable: false,
  },
  OCI_REGISTRY_FAILED: {
    message: 'registry {registry} does not give {what}: {cause}',
    hint: 'check the reference, REGISTRY_USERNAME and REGISTRY_PASSWORD, and that the registry can be reached',
    retryable: false,
  },
  OCI_REGISTRY_UNAVAILABLE: {
    message: 'registry {registry} does not give {what} now: {cause}',
    hint: 'check that the registry runs and can be reached; RETRY_ENABLED=true tries again',
    retryable: true,
  },
  OCI_NO_LAYER: {
    message: '{reference} holds no disk image: {cause}',
    hint: 'push the image as one layer of type application/vnd.oci.image.layer.v1.tar (oras push does)',
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
