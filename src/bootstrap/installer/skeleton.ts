import type { Architecture } from './architecture.ts';
import type { TreeEntry } from './tree.ts';

/** The one of certificates Node warns about when it is missing; those of recipes lie in it. */
const folders = ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'mnt', 'var/log', 'etc/ssl/certs', 'usr/lib/busybox'];
const links = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', lib64: 'usr/lib64', 'var/run': '../run' };

/** What every system has besides programs: folders, the old names of those in `/usr`, and the first two devices. */
export function skeleton(architecture: Architecture): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const path of folders) entries.set(path, { kind: 'folder' });
  for (const path of ['usr/bin', 'usr/sbin', 'usr/lib64', `usr/lib/${architecture.libraries}`]) {
    entries.set(path, { kind: 'folder' });
  }
  for (const [path, target] of Object.entries(links)) entries.set(path, { kind: 'link', target });
  entries.set('usr/bin/sh', { kind: 'link', target: 'busybox' });
  // Where the kernel looks for it when somebody mounts a file system that it has no driver for yet.
  entries.set('usr/sbin/modprobe', { kind: 'link', target: '../bin/busybox' });
  // The kernel opens the console for init before init could mount /dev.
  entries.set('dev/console', { kind: 'device', major: 5, minor: 1 });
  entries.set('dev/null', { kind: 'device', major: 1, minor: 3 });
  return entries;
}
