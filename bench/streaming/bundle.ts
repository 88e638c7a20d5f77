import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** `ours.ts` as one file, as the installer has the agent: stripping types is none of what is measured. @returns its path */
export async function bundle(folder: string): Promise<string> {
  const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  await build({
    entryPoints: {
      ours: source('ours.ts'),
      'decode-thread': source('../../src/agent/streaming/decode/decode-thread.ts'),
      'disk-thread': source('../../src/agent/streaming/sink/disk-thread.ts'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    logLevel: 'error',
  });
  return join(folder, 'ours.mjs');
}
