import { fileURLToPath } from 'node:url';
import type { TreeEntry } from './tree.ts';

const agentFolder = new URL('../../agent/', import.meta.url);

/** Packages that are no ES modules look for `require`, which a bundle of ES modules has to be given. */
const banner =
  "import{createRequire as capt_createRequire}from'node:module';const require=capt_createRequire(import.meta.url);";

/**
 * The agent with everything it imports, as files that need nothing but Node. The same sources give the same bytes. The
 * threads that decompress and write stay files of their own beside it, because that is how they are started.
 */
export async function bundleAgent(): Promise<Map<string, TreeEntry>> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: {
      agent: fileURLToPath(new URL('main.ts', agentFolder)),
      'decode-thread': fileURLToPath(new URL('streaming/decode/decode-thread.ts', agentFolder)),
      'disk-thread': fileURLToPath(new URL('streaming/sink/disk-thread.ts', agentFolder)),
    },
    outdir: '/usr/lib/capt',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What is imported when it is needed stays a file of its own: what need not be read makes the agent start sooner.
    splitting: true,
    // grpc-js would look for it if somebody asked for its own figures (channelz), which nobody does.
    external: ['@grpc/proto-loader'],
    minify: true,
    // Names in stacks and of classes are worth their few bytes.
    keepNames: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    banner: { js: banner },
    write: false,
    logLevel: 'silent',
  });
  return new Map(
    outputFiles.map(({ path, contents }) => [path.slice(1), { kind: 'file', data: contents, executable: false }]),
  );
}
