import type { NativeAction } from './action.ts';
import { cexec } from './cexec/cexec.ts';
import { image2disk } from './image2disk/image2disk.ts';
import { kexec } from './kexec/kexec.ts';
import { nativeActionFor } from './native-action-for.ts';
import { oci2disk } from './oci2disk/oci2disk.ts';
import { poweroff, reboot } from './power.ts';
import { rootio } from './rootio/rootio.ts';
import { waitdaemonOf } from './waitdaemon.ts';
import { verify } from './wipe/verify.ts';
import { wipe } from './wipe/wipe.ts';
import { writefile } from './writefile/writefile.ts';

/** Every action that needs no image. Add yours here; names are unique. */
export const nativeActions: readonly NativeAction[] = [
  writefile,
  cexec,
  kexec,
  wipe,
  verify,
  image2disk,
  oci2disk,
  rootio,
  waitdaemonOf((image) => nativeActionFor(image, nativeActions)),
  reboot,
  poweroff,
];
