import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A `go` command that does in milliseconds what the build expects of it, and can be held or broken. */
export interface FakeGo extends AsyncDisposable {
  /** Temporary folder of everything. */
  readonly directory: string;
  readonly cacheDirectory: string;
  /** PATH with the fake on it and nothing else: no Python, no other Go. */
  readonly environment: NodeJS.ProcessEnv;
  /** How often `go build` was started. */
  builds(): Promise<number>;
  /** Makes `go build` wait until `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Makes `go build` print this and fail. */
  breakWith(output: string): Promise<void>;
}

const script = (directory: string, version: string) => `#!/bin/sh
PATH=/usr/bin:/bin
here='${directory}'
case $1 in
  version) echo "go version go${version} linux/amd64" ;;
  list) echo fmt; echo os; echo capt/main ;;
  build)
    echo started >> "$here/builds"
    echo fmt >&2
    if [ -e "$here/break" ]; then cat "$here/break" >&2; exit 1; fi
    while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
    printf '#!/bin/sh\\n' > "$out"
    while [ -e "$here/hold" ]; do sleep 0.02; done
    chmod +x "$out" ;;
esac
`;

export async function createFakeGo(version = '1.26.3'): Promise<FakeGo> {
  const directory = await mkdtemp(join(tmpdir(), 'capt-fake-go-'));
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'go'), script(directory, version));
  await chmod(join(bin, 'go'), 0o755);
  return {
    directory,
    cacheDirectory: join(directory, 'cache'),
    environment: { PATH: bin, HOME: directory },
    builds: async () => (await readFile(join(directory, 'builds'), 'utf8').catch(() => '')).split('\n').length - 1,
    hold: () => writeFile(join(directory, 'hold'), ''),
    release: () => rm(join(directory, 'hold'), { force: true }),
    breakWith: (output) => writeFile(join(directory, 'break'), output),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
