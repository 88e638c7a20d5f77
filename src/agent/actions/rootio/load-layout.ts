import { readFile } from 'node:fs/promises';
import { CaptError, messageOf } from '../../../api/errors/capt-error.ts';
import { sleep } from '../../../api/time/clock.ts';
import type { ActionContext } from '../action.ts';
import { type Layout, parseLayout, type TableKind } from './layout.ts';

const requestSeconds = 10;
const attempts = 5;
const maxBytes = 1024 * 1024;

/** Reads the layout from the metadata service, or with TEST from JSON_FILE. Throws `ACTION_METADATA_UNUSABLE`, `ACTION_LAYOUT_INVALID`. */
export async function loadLayout(context: ActionContext, table: TableKind): Promise<Layout> {
  const { env } = context;
  const isTest = (env['TEST'] ?? '') !== '';
  const source = isTest ? (env['JSON_FILE'] ?? '') : metadataUrl(env);
  try {
    const text = isTest ? await readFile(source, 'utf8') : await fetchText(context, source);
    const layout = parseLayout(JSON.parse(text), table);
    if (!('problems' in layout)) return layout;
    throw new CaptError('ACTION_LAYOUT_INVALID', { source, problems: layout.problems.join('; ') });
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof CaptError) throw error;
    throw new CaptError('ACTION_METADATA_UNUSABLE', { source, cause: messageOf(error) }, { cause: error });
  }
}

function metadataUrl({ MIRROR_HOST: host = '', METADATA_SERVICE_PORT: port = '' }: ActionContext['env']): string {
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}/metadata`;
}

/** Asks again while nobody answers or the server has trouble; an answer that says no is final. */
async function fetchText({ signal, clock, log }: ActionContext, url: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const late = new AbortController();
    const cancel = clock.after(requestSeconds * 1000, () => late.abort(new Error(`no answer in ${requestSeconds} s`)));
    try {
      // Never through a proxy: the server knows the machine by its address.
      const response = await fetch(url, { signal: AbortSignal.any([signal, late.signal]), redirect: 'follow' });
      if (response.status === 200) return await limitedText(response);
      await response.body?.cancel();
      const refusal = `it answered ${response.status}`;
      if (response.status < 500) throw new CaptError('ACTION_METADATA_UNUSABLE', { source: url, cause: refusal });
      throw new Error(refusal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CaptError || attempt === attempts) throw (error as Error).cause ?? error;
      log(`${url}: ${messageOf((error as Error).cause ?? error)}; asking again`);
    } finally {
      cancel();
    }
    await sleep(clock, 1000 * attempt, signal);
  }
}

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
