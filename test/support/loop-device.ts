import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of the test's own: a sparse file behind a loop device. */
export class LoopDevice implements Disposable {
  readonly folder: string;
  readonly file: string;
  /** `/dev/loop7` */
  readonly device: string;

  constructor(sizeBytes: number) {
    this.folder = mkdtempSync(join(tmpdir(), 'capt-loop-'));
    this.file = join(this.folder, 'disk');
    writeFileSync(this.file, '');
    truncateSync(this.file, sizeBytes);
    this.device = execFileSync('losetup', ['--find', '--show', '--partscan', this.file], { encoding: 'utf8' }).trim();
  }

  /** Runs a program with this disk as its last argument. */
  run(command: string, ...args: string[]): string {
    return execFileSync(command, [...args, this.device], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** What `debugfs` says about its ext file system, which need not be mounted for that. */
  debugfs(request: string): string {
    return execFileSync('debugfs', ['-R', request, this.device], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  /** Changes its ext file system by commands of `debugfs`, without mounting it. */
  edit(...commands: readonly string[]): void {
    const script = join(this.folder, 'script');
    writeFileSync(script, `${commands.join('\n')}\n`);
    execFileSync('debugfs', ['-w', '-f', script, this.device], { stdio: 'pipe' });
  }

  [Symbol.dispose](): void {
    execFileSync('losetup', ['--detach', this.device]);
    rmSync(this.folder, { recursive: true });
  }
}
